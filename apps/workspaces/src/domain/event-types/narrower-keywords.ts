import type { Json, JsonMap } from '@millrace/kernel';

/** How a keyword of the schema after is narrower than what the schema before says; undefined: it is not. */
type Narrower = (before: JsonMap, value: Json, keyword: string) => string | undefined;

/** Sizes are never less than 0, so a schema that does not say so demands it all the same. */
const SIZES = new Set(['minLength', 'minItems', 'minProperties']);
const TYPES = ['null', 'boolean', 'number', 'string', 'array', 'object'];

const type: Narrower = (before, value) => {
  const allowed = listOf(value).map(String);
  const fits = (name: string): boolean => allowed.includes(name) || (name === 'integer' && allowed.includes('number'));
  const lost = (before['type'] === undefined ? TYPES : listOf(before['type']).map(String)).filter((name) => !fits(name));
  return lost.length === 0 ? undefined : `must be ${allowed.join(' or ')} now, and could be ${lost.join(' or ')}`;
};

/** `enum` and `const` alike. */
const choice: Narrower = (before, value, keyword) => {
  const texts = (values: Json): readonly string[] => listOf(values).map((one) => JSON.stringify(one));
  const allowed = keyword === 'const' ? [JSON.stringify(value)] : texts(value);
  const old = before['const'] === undefined ? before['enum'] : [before['const']];
  if (old === undefined) return `must be ${allowed.join(' or ')} now, and could be anything`;
  const lost = texts(old).filter((one) => !allowed.includes(one));
  return lost.length === 0 ? undefined : `may not be ${lost.join(' or ')} any more`;
};

const least: Narrower = (before, value, keyword) => {
  const old = before[keyword] ?? (SIZES.has(keyword) ? 0 : undefined);
  return typeof old === 'number' && old >= Number(value) ? undefined : `must have \`${keyword}: ${JSON.stringify(value)}\` now`;
};

const most: Narrower = (before, value, keyword) => {
  const old = before[keyword];
  return typeof old === 'number' && old <= Number(value) ? undefined : `must have \`${keyword}: ${JSON.stringify(value)}\` now`;
};

const multiple: Narrower = (before, value) => {
  const old = before['multipleOf'];
  return typeof old === 'number' && old % Number(value) === 0 ? undefined : `must be a multiple of ${JSON.stringify(value)} now`;
};

const unique: Narrower = (before, value) =>
  value !== true || before['uniqueItems'] === true ? undefined : 'must not hold anything twice now';

/** The keywords that can be compared with what they were. */
export const NARROWER: Readonly<Record<string, Narrower>> = {
  type,
  enum: choice,
  const: choice,
  multipleOf: multiple,
  uniqueItems: unique,
  minimum: least,
  exclusiveMinimum: least,
  minLength: least,
  minItems: least,
  minProperties: least,
  maximum: most,
  exclusiveMaximum: most,
  maxLength: most,
  maxItems: most,
  maxProperties: most,
};

function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : value === undefined ? [] : [value];
}
