import type { Problem } from '../problems/problem';
import { problemIn, withEdit } from './report';
import type { MapEntry } from './tree';

interface Range {
  readonly start: number;
  readonly end: number;
}

/** The problem of a key that its map has already, with the repair of taking the second one away. `entry` is what goes with it. */
export function duplicateKey({ key, at }: MapEntry, entry: Range): Problem {
  const problem = problemIn('yaml-duplicate-key', at, 'This key is there twice in the same map. Keep one of them.');
  return withEdit(problem, `Take away this second ${key}`, { file: at.file, ...entry }, '');
}

/** The whole lines that hold a stretch of a text. */
export function linesOf(text: string, start: number, end: number): Range {
  const next = text.charAt(end - 1) === '\n' ? end : text.indexOf('\n', end) + 1;
  return { start: text.lastIndexOf('\n', start) + 1, end: next === 0 ? text.length : next };
}
