import { order, same } from './compare';
import { isList, isMap, ownOf } from './value';
import type { Json, JsonMap } from '@millrace/kernel';
import type { Value } from './value';

/** Told of an operator that does not exist or cannot be used so; throws. */
export type RefuseQuery = (message: string) => never;

/** Finds a pattern for `$regex`; throws when it cannot be read. */
export type TestRegex = (source: string, flags: string, text: string) => boolean;

/** What a query needs beyond the values. */
export interface QueryRules {
  readonly refuse: RefuseQuery;
  readonly regex: TestRegex;
  /** How a plain value is compared with a field. */
  readonly equal: (a: Value, b: Value) => boolean;
}

/** Whether a map fits a query: dot paths to values or operator maps, all of which must hold. */
export function matchesQuery(value: Value, query: JsonMap, rules: QueryRules): boolean {
  if (!isMap(value) && !isList(value)) return false;
  return Object.entries(query).every(([key, wanted]) =>
    key.startsWith('$') ? logical(value, key, wanted, rules) : fits(fieldsAt(value, key.split('.')), wanted, rules),
  );
}

function logical(value: Value, op: string, wanted: Json, rules: QueryRules): boolean {
  if (op === '$not' && isMap(wanted)) return !matchesQuery(value, wanted, rules);
  const queries = isList(wanted) && wanted.every(isMap) ? wanted : rules.refuse(`${op} needs a list of queries`);
  const holds = (query: JsonMap): boolean => matchesQuery(value, query, rules);
  switch (op) {
    case '$and':
      return queries.every(holds);
    case '$or':
      return queries.some(holds);
    case '$nor':
      return !queries.some(holds);
    default:
      return rules.refuse(`there is no operator ${op} here`);
  }
}

/** What a path leads to; more than one thing when it runs through lists. */
function fieldsAt(value: Value, path: readonly string[]): readonly Value[] {
  const [key, ...rest] = path;
  if (key === undefined) return [value];
  if (isMap(value)) return fieldsAt(ownOf(value, key), rest);
  if (!isList(value)) return [undefined];
  const indexed = /^\d+$/.test(key) ? fieldsAt(value[Number(key)], rest) : [];
  const through = value.filter(isMap).flatMap((item) => fieldsAt(item, path));
  const found = [...indexed, ...through].filter((field) => field !== undefined);
  return found.length > 0 ? found : [undefined];
}

function fits(fields: readonly Value[], wanted: Json, rules: QueryRules): boolean {
  const keys = isMap(wanted) ? Object.keys(wanted) : [];
  if (!isMap(wanted) || !keys.some((key) => key.startsWith('$'))) return anyOf(fields, (field) => rules.equal(field, wanted));
  return Object.entries(wanted).every(([op, by]) => operator(op, rules)(fields, by, rules, wanted));
}

/** A field that holds a list also fits by any of its items. */
function anyOf(fields: readonly Value[], test: (field: Value) => boolean): boolean {
  return fields.some((field) => test(field) || (isList(field) && field.some(test)));
}

type Operator = (fields: readonly Value[], wanted: Json, rules: QueryRules, all: JsonMap) => boolean;

const equals: Operator = (fields, wanted) => anyOf(fields, (field) => sameOrAbsent(field, wanted));
const among: Operator = (fields, wanted, rules) => {
  const list = isList(wanted) ? wanted : rules.refuse('$in and $nin need a list');
  return list.some((item) => equals(fields, item, rules, {}));
};
const ordered =
  (holds: (sign: number) => boolean): Operator =>
  (fields, wanted) =>
    anyOf(fields, (field) => holds(order(field, wanted) ?? Number.NaN));

const OPERATORS: Readonly<Record<string, Operator>> = {
  $eq: equals,
  $ne: (...args) => !equals(...args),
  $gt: ordered((sign) => sign > 0),
  $gte: ordered((sign) => sign >= 0),
  $lt: ordered((sign) => sign < 0),
  $lte: ordered((sign) => sign <= 0),
  $in: among,
  $nin: (...args) => !among(...args),
  $exists: (fields, wanted) => fields.some((field) => field !== undefined) === (wanted !== false && wanted !== 0),
  $size: (fields, wanted) => fields.some((field) => isList(field) && field.length === wanted),
  $all: (fields, wanted, rules) => (isList(wanted) ? wanted : [wanted]).every((item) => equals(fields, item, rules, {})),
  $elemMatch: (fields, wanted, rules) => fields.some((field) => isList(field) && field.some((item) => elementFits(item, wanted, rules))),
  $not: (fields, wanted, rules) => !fits(fields, wanted, rules),
  $regex: (fields, wanted, rules, all) => {
    const source = typeof wanted === 'string' ? wanted : rules.refuse('$regex needs a text');
    const flags = typeof all['$options'] === 'string' ? all['$options'] : '';
    return anyOf(fields, (field) => typeof field === 'string' && rules.regex(source, flags, field));
  },
  $options: () => true,
};

function operator(op: string, rules: QueryRules): Operator {
  const known = Object.hasOwn(OPERATORS, op) ? OPERATORS[op] : undefined;
  return known ?? rules.refuse(`there is no operator ${op}`);
}

function elementFits(item: Json, wanted: Json, rules: QueryRules): boolean {
  if (!isMap(wanted)) return rules.refuse('$elemMatch needs a map');
  return Object.keys(wanted).some((key) => Object.hasOwn(OPERATORS, key)) ? fits([item], wanted, rules) : matchesQuery(item, wanted, rules);
}

/** Strict equality for which null also stands for an absent field. */
export function sameOrAbsent(field: Value, wanted: Value): boolean {
  return same(field ?? null, wanted ?? null);
}
