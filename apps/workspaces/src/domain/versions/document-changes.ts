import type { Json, JsonMap } from '@millrace/kernel';
import { align, type Pair } from './list-alignment';

/** A difference inside a document. */
export interface DocumentChange {
  readonly kind: 'added' | 'removed' | 'changed' | 'moved';
  /** JSON Pointer on the newer side; of what is gone, on the older. */
  readonly path: string;
  /** Where it stood before it moved. */
  readonly from?: string;
  readonly of: 'instruction' | 'trigger' | 'key';
  readonly before?: Json;
  readonly after?: Json;
}

/** Where two values stand, as JSON Pointers. */
interface Place {
  readonly before: string;
  readonly after: string;
}

/** What is different between two states of a document: keys by their names, entries of lists by what they are, wherever they went. */
export function documentChanges(before: Json, after: Json): readonly DocumentChange[] {
  return changesOf(before, after, { before: '', after: '' });
}

function changesOf(before: Json | undefined, after: Json | undefined, place: Place): readonly DocumentChange[] {
  if (textOf(before) === textOf(after)) return [];
  if (isMap(before) && isMap(after)) return mapChanges(before, after, place);
  if (Array.isArray(before) && Array.isArray(after)) return listChanges(before as readonly Json[], after as readonly Json[], place);
  return [changeOf(before, after, place)];
}

function changeOf(before: Json | undefined, after: Json | undefined, place: Place): DocumentChange {
  const kind = before === undefined ? 'added' : after === undefined ? 'removed' : 'changed';
  const path = kind === 'removed' ? place.before : place.after;
  return { kind, path, of: kindOf(path), ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) };
}

function mapChanges(before: JsonMap, after: JsonMap, place: Place): readonly DocumentChange[] {
  const gone = Object.keys(before).filter((key) => !Object.hasOwn(after, key));
  return [...gone, ...Object.keys(after)].flatMap((key) => {
    const old = Object.hasOwn(before, key) ? before[key] : undefined;
    const now = Object.hasOwn(after, key) ? after[key] : undefined;
    return changesOf(old, now, below(place, key, key));
  });
}

/** Equal entries stand for each other, in place or moved; of the others, those of one shape that came between the same neighbours. */
function listChanges(before: readonly Json[], after: readonly Json[], place: Place): readonly DocumentChange[] {
  const pairs = alike(moved(align(before.map(textOf), after.map(textOf)), before, after), before, after);
  return pairs.flatMap(({ before: left, after: right, isMoved }) => {
    const at = below(place, left ?? 0, right ?? 0);
    const inside = changesOf(left === undefined ? undefined : before[left], right === undefined ? undefined : after[right], at);
    return isMoved ? [{ kind: 'moved' as const, path: at.after, from: at.before, of: kindOf(at.after) }] : inside;
  });
}

interface Match extends Pair {
  readonly isMoved: boolean;
}

/** What is gone from one place and new at another, but the same, has moved. */
function moved(pairs: readonly Pair[], before: readonly Json[], after: readonly Json[]): readonly Match[] {
  const gone = new Map<string, number[]>();
  for (const { before: left, after: right } of pairs) {
    if (left === undefined || right !== undefined) continue;
    const text = textOf(before[left]);
    gone.set(text, [...(gone.get(text) ?? []), left]);
  }
  const found = pairs.map(({ before: left, after: right }) => {
    const from = left === undefined && right !== undefined ? gone.get(textOf(after[right]))?.shift() : undefined;
    return { ...matchOf(left ?? from, right), isMoved: from !== undefined };
  });
  const settled = new Set(found.flatMap(({ before: left, isMoved }) => (isMoved && left !== undefined ? [left] : [])));
  return found.filter(({ before: left, after: right }) => right !== undefined || left === undefined || !settled.has(left));
}

/** Between two entries that stayed, what is gone and what is new of the same shape is one entry that changed. */
function alike(pairs: readonly Match[], before: readonly Json[], after: readonly Json[]): readonly Match[] {
  const result: Match[] = [];
  let waiting: number[] = [];
  const settle = (): void => {
    result.push(...waiting.map((left) => ({ before: left, isMoved: false })));
    waiting = [];
  };
  for (const pair of pairs) {
    const { before: left, after: right } = pair;
    if (right === undefined && left !== undefined) {
      waiting.push(left);
    } else if (left === undefined && right !== undefined) {
      const same = waiting.findIndex((each) => shapeOf(before[each]) === shapeOf(after[right]));
      const [match] = same === -1 ? [] : waiting.splice(same, 1);
      result.push({ ...matchOf(match, right), isMoved: false });
    } else {
      settle();
      result.push(pair);
    }
  }
  settle();
  return result;
}

function matchOf(before: number | undefined, after: number | undefined): Pair {
  return { ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) };
}

/** An instruction is told by its name: the one key it has. */
function shapeOf(value: Json | undefined): string {
  if (!isMap(value)) return Array.isArray(value) ? 'list' : 'scalar';
  return Object.keys(value)[0] ?? '';
}

function kindOf(path: string): DocumentChange['of'] {
  if (/^\/do(?:\/|$)/.test(path)) return 'instruction';
  return /^\/when(?:\/|$)/.test(path) ? 'trigger' : 'key';
}

function below(place: Place, before: string | number, after: string | number): Place {
  return { before: `${place.before}/${escaped(before)}`, after: `${place.after}/${escaped(after)}` };
}

function escaped(key: string | number): string {
  return String(key).replaceAll('~', '~0').replaceAll('/', '~1');
}

/** The same for equal values, whatever the order of their keys. */
function textOf(value: Json | undefined): string {
  if (isMap(value)) {
    const entries = Object.keys(value)
      .sort()
      .map((key) => `${JSON.stringify(key)}:${textOf(value[key])}`);
    return `{${entries.join(',')}}`;
  }
  return Array.isArray(value) ? `[${(value as readonly Json[]).map(textOf).join(',')}]` : value === undefined ? '' : JSON.stringify(value);
}

function isMap(value: Json | undefined): value is JsonMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
