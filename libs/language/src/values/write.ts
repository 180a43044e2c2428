import type { Json, JsonMap } from '@millrace/kernel';
import { LanguageError } from '../problems/language-error';
import { isList, isMap, numberOf, ownOf, typeName } from './value';
import type { Value } from './value';

export type WriteOp = 'replace' | 'merge' | 'push' | 'increment' | 'delete';

/** A change at a path. The path is never empty. */
export interface Change {
  readonly keys: readonly string[];
  readonly op: WriteOp;
  readonly value: Value;
}

/** The containers that were made since nobody else could see them, and may therefore be changed in place. */
export type Owned = WeakSet<object>;

type List = Json[];
type Entries = Record<string, Json>;

const FORBIDDEN: ReadonlySet<string> = new Set(['__proto__', 'prototype', 'constructor']);
const INDEX = /^-?\d+$/;

/**
 * Applies a change to a map of variables: the changed map and the value now at the path. What is not `owned` is copied before it is
 * changed, so that nothing that was read before changes. A change that is refused changes nothing.
 */
export function applyChange(root: JsonMap, change: Change, owned: Owned): { readonly root: JsonMap; readonly value: Value } {
  for (const key of change.keys) {
    if (FORBIDDEN.has(key))
      throw new LanguageError('language.path_forbidden', `\`${pathText(change.keys)}\`: nothing may be named ${key}.`);
  }
  const nothing = change.value === undefined && (change.op === 'replace' || change.op === 'merge');
  const present = valueAt(root, change.keys);
  if ((nothing || change.op === 'delete') && present === undefined) return { root, value: undefined };
  if (change.op === 'increment') incremented(present, change);
  const mine = own(root, owned) as Entries;
  const [last, parent] = walk(mine, change, owned);
  return { root: mine, value: writeAt(parent, last, change, owned) };
}

/** What is at a path; missing if nothing is. */
export function valueAt(root: Value, keys: readonly string[]): Value {
  let value: Value = root;
  for (const key of keys) {
    if (isMap(value)) value = ownOf(value, key);
    else value = isList(value) && INDEX.test(key) ? value.at(Number(key)) : undefined;
  }
  return value;
}

/** Goes down to the container that holds the last key; missing parents become maps. */
function walk(root: Entries, change: Change, owned: Owned): [string, Entries | List] {
  let container: Entries | List = root;
  const last = change.keys.length - 1;
  for (const key of change.keys.slice(0, last)) {
    const child = childAt(container, key, change);
    if (child !== undefined && child !== null && typeof child !== 'object') {
      throw invalid(change, `${JSON.stringify(key)} is a ${typeName(child)}, nothing can be written in it`);
    }
    const mine: Entries | List = child === undefined || child === null ? made(owned) : own(child, owned);
    if (mine !== child) put(container, key, mine, change);
    container = mine;
  }
  return [change.keys[last] ?? '', container];
}

function made(owned: Owned): Entries {
  const map: Entries = {};
  owned.add(map);
  return map;
}

/** A container that may be changed in place: itself if owned, else a copy. What a copy holds is then held twice, hence not owned. */
function own(container: JsonMap | readonly Json[], owned: Owned): Entries | List {
  if (owned.has(container)) return container as Entries | List;
  const copy: Entries | List = isList(container) ? [...container] : { ...container };
  for (const child of isList(copy) ? copy : Object.values(copy)) if (typeof child === 'object' && child !== null) owned.delete(child);
  owned.add(copy);
  return copy;
}

function childAt(container: Entries | List, key: string, change: Change): Value {
  return isList(container) ? container[indexIn(container, key, change)] : ownOf(container, key);
}

function put(container: Entries | List, key: string, value: Json, change: Change): void {
  if (isList(container)) container[indexIn(container, key, change)] = value;
  else container[key] = value;
}

function indexIn(list: readonly Json[], key: string, change: Change): number {
  const index = INDEX.test(key) ? Number(key) : Number.NaN;
  const place = index < 0 ? index + list.length : index;
  if (place >= 0 && place <= list.length) return place;
  throw invalid(change, `${JSON.stringify(key)} is no place in a list of ${list.length}`);
}

function writeAt(container: Entries | List, key: string, change: Change, owned: Owned): Value {
  if (change.op === 'delete') return remove(container, key, change);
  const result = changed(childAt(container, key, change), change, owned);
  if (result === undefined) return remove(container, key, change);
  put(container, key, result, change);
  return result;
}

function remove(container: Entries | List, key: string, change: Change): undefined {
  if (!isList(container)) Reflect.deleteProperty(container, key);
  else container.splice(indexIn(container, key, change), 1);
}

function changed(current: Value, change: Change, owned: Owned): Value {
  switch (change.op) {
    case 'push':
      return appended(current, [change.value ?? null], change, owned);
    case 'merge':
      return merged(current, change, owned);
    case 'increment':
      return incremented(current, change);
    default:
      return foreign(change.value, owned);
  }
}

/** A value that others may see as well: not to be changed in place. */
function foreign<T extends Value>(value: T, owned: Owned): T {
  if (typeof value === 'object' && value !== null) owned.delete(value);
  return value;
}

function appended(current: Value, items: readonly Json[], change: Change, owned: Owned): Value {
  if (current === undefined || current === null) return items.map((item) => foreign(item, owned));
  if (!isList(current))
    throw new LanguageError('language.type', `\`${pathText(change.keys)}\` is a ${typeName(current)}; only a list can be appended to.`);
  const mine = own(current, owned) as List;
  for (const item of items) mine.push(foreign(item, owned));
  return mine;
}

function merged(current: Value, change: Change, owned: Owned): Value {
  const { value } = change;
  if (value === undefined) return current;
  if (isList(current)) return appended(current, isList(value) ? value : [value], change, owned);
  if (isMap(current)) return isMap(value) ? laidOver(own(current, owned) as Entries, value, owned) : current;
  return current === null && !isMap(value) ? null : foreign(value, owned);
}

function laidOver(map: Entries, value: JsonMap, owned: Owned): Json {
  for (const [key, item] of Object.entries(value)) if (!FORBIDDEN.has(key)) map[key] = foreign(item, owned);
  return map;
}

function incremented(current: Value, change: Change): number {
  const by = change.value === undefined || change.value === null ? 1 : numberOf(change.value);
  const from = current === undefined || current === null ? 0 : current;
  const sum = typeof from === 'number' && by !== undefined ? from + by : Number.NaN;
  if (Number.isFinite(sum)) return sum;
  const wrong = typeof from === 'number' ? typeName(change.value) : typeName(from);
  throw new LanguageError(
    'language.type',
    `\`${pathText(change.keys)}\` can only be incremented as a number and by a number, found ${wrong}.`,
  );
}

function invalid(change: Change, why: string): LanguageError {
  return new LanguageError('language.path_invalid', `\`${pathText(change.keys)}\` cannot be written: ${why}.`);
}

/** A path as an author writes it. */
export function pathText(keys: readonly string[]): string {
  return keys.map((key, index) => (index === 0 ? key : INDEX.test(key) ? `[${key}]` : `.${key}`)).join('');
}
