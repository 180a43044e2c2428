import { Refused } from '../refused';
import { isMap } from '../data/value';
import type { DataMap } from '../data/value';
import { didYouMean } from '../usage/nearest';

/** What may be written where in a test file. */
export const KEYS = {
  file: ['automation', 'clock', 'session', 'contexts', 'mocks', 'cases'],
  case: ['name', 'automation', 'clock', 'session', 'on', 'contexts', 'mocks', 'steps', 'expect'],
  start: ['event', 'payload', 'source', 'session', 'endpoint', 'schedule', 'call'],
  mock: ['fetch', 'action', 'approve', 'auth', 'run', 'match', 'reply', 'replies', 'error', 'after', 'times'],
  step: ['expect', 'after', 'answer', 'event', 'payload'],
  expect: ['outcome', 'output', 'error', 'emits', 'contexts', 'response', 'never', 'exactly'],
} as const;

/** The map at a place of a test file. Refuses anything else, and keys that mean nothing there. */
export function mapAt(value: unknown, kind: keyof typeof KEYS, place: string): DataMap {
  if (!isMap(value)) throw unreadable(place, 'is no map');
  const known: readonly string[] = KEYS[kind];
  const strange = Object.keys(value).find((key) => !known.includes(key));
  if (strange !== undefined) throw unreadable(place, `has the key \`${strange}\`, which means nothing here.${didYouMean(strange, known)}`);
  return value;
}

/** The list at a place; none when nothing is there. Refuses anything else. */
export function listAt(value: unknown, place: string): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw unreadable(place, 'is no list');
  return value as readonly unknown[];
}

/** The refusal of a test file. */
export function unreadable(place: string, why: string): Refused {
  return new Refused('cli.test_unreadable', 'invalid', `${place} ${why}`, 'mend the test; `millrace help test` shows one.');
}
