import type { Json, JsonMap } from '@millrace/kernel';
import { schemaText } from './event-type';
import { NARROWER } from './narrower-keywords';

/** Something that a payload could be under the schema before, and cannot be under the one after. */
export interface Narrowing {
  /** JSON Pointer to the place in payloads; items of lists are `*`. */
  readonly pointer: string;
  readonly detail: string;
}

/** The keywords that say nothing about what fits. */
const REMARKS = new Set([
  '$schema',
  '$id',
  '$comment',
  'title',
  'description',
  'examples',
  'default',
  'deprecated',
  'readOnly',
  'writeOnly',
]);
/** The keywords that are looked into below; every other one has its rule, or must stay as it was. */
const LOOKED_INTO = new Set(['properties', 'required', 'additionalProperties', 'items']);

/**
 * How the schema `after` is narrower than `before`, as far as its keywords tell; what cannot be compared counts as narrower unless it is
 * the same. A property that was not declared before may be: who declares it knows what it was.
 */
export function narrowings(before: Json, after: Json, pointer = ''): readonly Narrowing[] {
  if (schemaText(before) === schemaText(after) || before === false || after === true) return [];
  if (!isMap(after)) return [{ pointer, detail: 'may not be there any more' }];
  const old = isMap(before) ? before : {};
  const own = Object.entries(after).flatMap(([keyword, value]) => {
    if (REMARKS.has(keyword) || LOOKED_INTO.has(keyword)) return [];
    const detail = (Object.hasOwn(NARROWER, keyword) ? NARROWER[keyword] : changed)?.(old, value, keyword);
    return detail === undefined ? [] : [{ pointer, detail }];
  });
  return [
    ...own,
    ...required(old, after, pointer),
    ...properties(old, after, pointer),
    ...others(old, after, pointer),
    ...items(old, after, pointer),
  ];
}

function changed(before: JsonMap, value: Json, keyword: string): string | undefined {
  const old = before[keyword];
  return old !== undefined && schemaText(old) === schemaText(value)
    ? undefined
    : `has another \`${keyword}\`, which may refuse what was accepted`;
}

function required(before: JsonMap, after: JsonMap, pointer: string): readonly Narrowing[] {
  const old = requiredIn(before);
  return requiredIn(after)
    .filter((name) => !old.includes(name))
    .map((name) => ({ pointer: `${pointer}/${name}`, detail: 'is required now' }));
}

/** The names that a schema demands, in a list or on the property itself. */
function requiredIn(schema: JsonMap): readonly string[] {
  const { required: listed } = schema;
  const names = Array.isArray(listed) ? (listed as readonly Json[]).map(String) : [];
  const marked = Object.entries(propertiesOf(schema)).flatMap(([name, one]) => (isMap(one) && one['required'] === true ? [name] : []));
  return [...new Set([...names, ...marked])];
}

function properties(before: JsonMap, after: JsonMap, pointer: string): readonly Narrowing[] {
  const old = propertiesOf(before);
  return Object.entries(propertiesOf(after)).flatMap(([name, schema]) => {
    const was = Object.hasOwn(old, name) ? old[name] : before['additionalProperties'];
    return was === undefined || was === true ? [] : narrowings(was, schema, `${pointer}/${name}`);
  });
}

/** What becomes of properties that `after` does not declare. */
function others(before: JsonMap, after: JsonMap, pointer: string): readonly Narrowing[] {
  const rest = after['additionalProperties'];
  if (rest === undefined || rest === true) return [];
  const known = propertiesOf(after);
  const gone = Object.entries(propertiesOf(before)).filter(([name]) => !Object.hasOwn(known, name));
  const dropped = gone.flatMap(([name, schema]) => narrowings(schema, rest, `${pointer}/${name}`));
  return [...dropped, ...narrowings(before['additionalProperties'] ?? true, rest, `${pointer}/*`)];
}

function items(before: JsonMap, after: JsonMap, pointer: string): readonly Narrowing[] {
  const each = after['items'];
  return each === undefined ? [] : narrowings(before['items'] ?? true, each, `${pointer}/*`);
}

function propertiesOf({ properties: found = {} }: JsonMap): JsonMap {
  return isMap(found) ? found : {};
}

function isMap(value: Json): value is JsonMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
