// When one JSON Schema is no stand-in for another: as what callers may send, and as what they may count on.

/**
 * @typedef {{
 *   $ref?: string, type?: string, format?: string, pattern?: string, enum?: unknown[], items?: Schema, properties?: Record<string, Schema>,
 *   additionalProperties?: boolean | Schema, required?: string[],
 *   minLength?: number, maxLength?: number, minItems?: number, maxItems?: number, minimum?: number, maximum?: number,
 * }} Schema
 * @typedef {{ components: { schemas: Record<string, Schema> } }} Holder
 * @typedef {{ before: Holder, now: Holder }} Documents
 * @typedef {{ was: Schema, is: Schema, place: string }} Pair
 */

const LEAST = /** @type {const} */ (['minLength', 'minItems', 'minimum']);
const MOST = /** @type {const} */ (['maxLength', 'maxItems', 'maximum']);

/**
 * What could be sent, and is refused now.
 * @param {Schema} was @param {Schema} is @param {Documents} documents @param {string} place
 * @returns {string[]}
 */
export function narrowedRequest(was, is, documents, place) {
  return pairsOf(was, is, documents, place).flatMap((pair) => [
    ...changedKind(pair),
    ...goneProperties(pair),
    ...(pair.is.required ?? [])
      .filter((name) => !(pair.was.required ?? []).includes(name))
      .map((name) => `${pair.place}: "${name}" is required now.`),
    ...goneValues(pair),
    ...tightened(pair),
  ]);
}

/**
 * What could be counted on, and is not there any more.
 * @param {Schema} was @param {Schema} is @param {Documents} documents @param {string} place
 * @returns {string[]}
 */
export function withdrawnAnswer(was, is, documents, place) {
  return pairsOf(was, is, documents, place).flatMap((pair) => [
    ...changedKind(pair),
    ...goneProperties(pair),
    ...(pair.was.required ?? [])
      .filter((name) => pair.is.properties?.[name] !== undefined && !(pair.is.required ?? []).includes(name))
      .map((name) => `${pair.place}: "${name}" may be missing now.`),
  ]);
}

/**
 * The two schemas, and all that both hold, nothing referred to; each pair once.
 * @param {Schema} was @param {Schema} is @param {Documents} documents @param {string} place
 * @returns {Pair[]}
 */
function pairsOf(was, is, { before, now }, place) {
  /** @type {Pair[]} */
  const pairs = [];
  const seen = new Set();
  /** @param {Schema | undefined} a @param {Schema | undefined} b @param {string} at */
  const visit = (a, b, at) => {
    if (a === undefined || b === undefined) return;
    const name = `${a.$ref ?? ''} ${b.$ref ?? ''}`;
    if (name !== ' ' && seen.has(name)) return;
    seen.add(name);
    const pair = { was: resolved(a, before), is: resolved(b, now), place: at };
    pairs.push(pair);
    visit(pair.was.items, pair.is.items, `${at}[]`);
    visit(schemaOf(pair.was.additionalProperties), schemaOf(pair.is.additionalProperties), `${at}.*`);
    for (const [property, schema] of Object.entries(pair.was.properties ?? {}))
      visit(schema, pair.is.properties?.[property], `${at}.${property}`);
  };
  visit(was, is, place);
  return pairs;
}

/** @param {Schema} schema @param {Holder} document @returns {Schema} */
const resolved = (schema, { components }) =>
  schema.$ref === undefined ? schema : (components.schemas[schema.$ref.split('/').at(-1) ?? ''] ?? {});

/** @param {boolean | Schema | undefined} schema */
const schemaOf = (schema) => (typeof schema === 'object' ? schema : undefined);

/** @param {Pair} pair */
function changedKind({ was, is, place }) {
  const [before, now] = [was, is].map(({ type = 'anything', format }) => (format === undefined ? type : `${type} (${format})`));
  return before === now ? [] : [`${place} was ${before ?? ''} and is ${now ?? ''}.`];
}

/** @param {Pair} pair */
const goneProperties = ({ was, is, place }) =>
  Object.keys(was.properties ?? {})
    .filter((name) => is.properties?.[name] === undefined)
    .map((name) => `${place}: "${name}" is gone.`);

/** @param {Pair} pair */
function goneValues({ was, is, place }) {
  if (is.enum === undefined) return [];
  if (was.enum === undefined) return [`${place} takes only some values now.`];
  const taken = is.enum;
  return was.enum.filter((value) => !taken.includes(value)).map((value) => `${place} does not take ${JSON.stringify(value)} any more.`);
}

/** @param {Pair} pair */
function tightened({ was, is, place }) {
  const least = LEAST.filter((name) => (is[name] ?? -Infinity) > (was[name] ?? (name === 'minimum' ? -Infinity : 0)));
  const most = MOST.filter((name) => (is[name] ?? Infinity) < (was[name] ?? Infinity));
  const pattern = is.pattern !== undefined && is.pattern !== was.pattern ? ['pattern'] : [];
  return [...least, ...most, ...pattern].map((name) => `${place} has a narrower ${name}.`);
}
