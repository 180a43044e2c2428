import { order, same } from '../../values/compare';
import { matchesQuery } from '../../values/query';
import { isList, lineOf, numberOf } from '../../values/value';
import type { Json } from '@millrace/kernel';
import type { Value } from '../../values/value';
import { at, described } from '../operators';
import { keysOfPieces, piecesOfText } from '../path';
import { queryRules } from './documents';
import { isGiven, listAt, mapAt, numberAt, numberOr, textAt, textOr, wrongArgument } from './function';
import type { Call, FunctionSpec } from './function';

const LONGEST_RANGE = 100_000;

function pathAt(call: Call, index: number): (value: Value) => Value {
  if (!isGiven(call, index)) return (value) => value;
  const text = textAt(call, index);
  const pieces = piecesOfText(text);
  const keys = pieces === undefined ? undefined : keysOfPieces(pieces);
  if (keys === undefined || typeof keys === 'string')
    throw wrongArgument(call, `needs a path as argument ${index + 1}, found ${JSON.stringify(text)}`);
  return (value) => keys.reduce<Value>(at, value);
}

function mapped(call: Call): Json {
  const of = pathAt(call, 1);
  return listAt(call, 0).map((item) => of(item) ?? null);
}

function queried(call: Call): (item: Json) => boolean {
  const query = mapAt(call, 1);
  const rules = queryRules(call);
  return (item) => matchesQuery(item, query, rules);
}

function sorted(call: Call): Json {
  const of = pathAt(call, 1);
  const direction = textOr(call, 2, 'asc');
  if (direction !== 'asc' && direction !== 'desc') throw wrongArgument(call, 'knows "asc" and "desc" as argument 3');
  const sign = direction === 'asc' ? 1 : -1;
  const keyed = listAt(call, 0).map((item) => ({ item, key: of(item) ?? null }));
  keyed.sort((a, b) =>
    a.key === null || b.key === null ? Number(a.key === null) - Number(b.key === null) : sign * (order(a.key, b.key) ?? 0),
  );
  return keyed.map(({ item }) => item);
}

function unique(call: Call): Json {
  const of = pathAt(call, 1);
  const kept: { item: Json; key: Value }[] = [];
  const scalars = new Set<Value>();
  for (const item of listAt(call, 0)) {
    const key = of(item);
    if (typeof key === 'object' && key !== null ? kept.some((other) => same(other.key, key)) : scalars.has(key)) continue;
    if (typeof key === 'object' && key !== null) call.env.spend(kept.length);
    scalars.add(key);
    kept.push({ item, key });
  }
  return kept.map(({ item }) => item);
}

function sum(call: Call): number {
  const of = pathAt(call, 1);
  return listAt(call, 0).reduce<number>((total, item) => {
    const value = of(item);
    const number = value === null || value === undefined ? 0 : numberOf(value);
    if (number === undefined) throw wrongArgument(call, `needs numbers, found ${described(value)}`);
    return total + number;
  }, 0);
}

function grouped(call: Call): Json {
  const of = pathAt(call, 1);
  const groups = new Map<string, Json[]>();
  for (const item of listAt(call, 0)) {
    const key = lineOf(of(item));
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  groups.delete('__proto__');
  return Object.fromEntries(groups);
}

function range(call: Call): Json {
  const [from, to, step] = [numberAt(call, 0), numberAt(call, 1), numberOr(call, 2, 1)];
  const length = Math.ceil((to - from) / step);
  if (step === 0 || length > LONGEST_RANGE) throw wrongArgument(call, `makes at most ${LONGEST_RANGE} numbers, with a step that is not 0`);
  call.env.spend(Math.max(0, length));
  return Array.from({ length: Math.max(0, length) }, (_, index) => from + index * step);
}

function onList(name: string, summary: string, parameters: string, apply: (call: Call) => Value): FunctionSpec {
  const count = parameters.split(',').length;
  return { name, parameters, summary, least: parameters.split(',').filter((one) => !one.endsWith('?')).length, most: count, apply };
}

/** Functions on lists and maps. */
export const LISTS: readonly FunctionSpec[] = [
  onList('keys', 'The keys of a map', 'map', (call) => Object.keys(mapAt(call, 0))),
  onList('values', 'The values of a map', 'map', (call) => Object.values(mapAt(call, 0))),
  onList('entries', 'The entries of a map as a list of {key, value}', 'map', (call) =>
    Object.entries(mapAt(call, 0)).map(([key, value]) => ({ key, value })),
  ),
  onList('map', 'What is at a path in each item', 'list, path', mapped),
  onList('filter', 'The items that fit a query', 'list, query', (call) => listAt(call, 0).filter(queried(call))),
  onList('find', 'The first item that fits a query; missing if none does', 'list, query', (call) => listAt(call, 0).find(queried(call))),
  onList(
    'sort',
    'The items in order of what is at a path; equal ones stay as they are, null comes last',
    'list, path?, direction?',
    sorted,
  ),
  onList('unique', 'The items without those equal to an earlier one', 'list, path?', unique),
  onList('sum', 'The sum of the numbers; null counts as 0', 'list, path?', sum),
  onList('group', 'The items by what is at a path: a map of lists', 'list, path', grouped),
  onList('flat', 'The items, those that are lists replaced by their items', 'list', (call) =>
    listAt(call, 0).flatMap((item) => (isList(item) ? item : [item])),
  ),
  onList('reverse', 'The items from last to first', 'list', (call) => listAt(call, 0).toReversed()),
  onList('range', 'Numbers from the first to before the last', 'from, to, step?', range),
];
