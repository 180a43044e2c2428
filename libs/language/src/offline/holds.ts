import type { Json, JsonMap } from '@millrace/kernel';
import { same } from '../values/compare';
import { isList, isMap, ownOf } from '../values/value';
import { contains } from './answers';
import { checkCase } from './check-case';
import { evaluateCase } from './evaluate-case';
import { runCase } from './run-case';
import { readCases, type Case } from './case';

/** A case that was played. */
export interface PlayedCase {
  readonly one: Case;
  /** What it comes to, as the offline commands print it. */
  readonly result: JsonMap;
  /** What about that is not as the case expects: one sentence each; none when the case holds. */
  readonly unmet: readonly string[];
}

/**
 * Plays the cases of a text, each by its own kind, and compares what they come to with what they expect. Refuses what cannot be read, and
 * keys nobody knows, before any is played.
 */
export function judgeCases(text: string, file: string): readonly PlayedCase[] {
  return readCases(text, file).map((one) => {
    const result = playCase(one);
    return { one, result, unmet: unmetBy(one, result) };
  });
}

/** What a case comes to, as the offline commands print it. */
export function playCase(one: Case): JsonMap {
  switch (one.kind) {
    case 'evaluation':
      return evaluateCase(one);
    case 'run':
      return runCase(one);
    case 'check':
      return checkCase(one);
  }
}

/** What about a result is not as the case expects: one sentence each; none when the case holds. */
export function unmetBy(one: Case, result: JsonMap): readonly string[] {
  if (one.kind === 'evaluation') return unmetEvaluation(one.value, result);
  const expected = ownOf(one.value, 'expected');
  if (!isMap(expected)) return [];
  return Object.entries(expected).flatMap(([key, wanted]) =>
    met(key, wanted, ownOf(result, key) ?? null) ? [] : [sentence(key, wanted, ownOf(result, key))],
  );
}

function unmetEvaluation(one: JsonMap, result: JsonMap): readonly string[] {
  const error = ownOf(one, 'error');
  if (error !== undefined) {
    const met = error === true ? result['ok'] === false : result['code'] === error;
    return met ? [] : [sentence('error', error, result['code'] ?? result['value'])];
  }
  const wanted = ownOf(one, 'missing') === true ? MISSING : (ownOf(one, 'expected') ?? null);
  const found = result['missing'] === true ? MISSING : (result['value'] ?? null);
  if (result['ok'] !== true) return [sentence('value', wanted, result['message'])];
  return same(wanted, found) ? [] : [sentence('value', wanted, found)];
}

/** Stands for the value of something that is not there. */
const MISSING = ['missing'];

function met(key: string, wanted: Json, found: Json): boolean {
  if (key === 'error' && wanted === true) return found !== null;
  if (key === 'contexts' || key === 'http')
    return isMap(wanted) && isMap(found)
      ? Object.entries(wanted).every(([name, value]) => same(value, ownOf(found, name)))
      : same(wanted, found);
  if (key === 'problems' && isList(wanted) && isList(found))
    return wanted.length === found.length && wanted.every((one, index) => contains(found[index] ?? null, one));
  return same(wanted, found);
}

function sentence(key: string, wanted: Json, found: Json | undefined): string {
  return `${key}: expected ${JSON.stringify(wanted)}, found ${JSON.stringify(found)}`;
}
