import { isDeepStrictEqual } from 'node:util';
import { isMap } from '../data/value';
import { unreadable } from './keys';

/** Where a value is not as expected. */
export interface Mismatch {
  /** Dots and indexes from the value that was looked at; empty for the value itself. */
  readonly path: string;
  readonly expected: unknown;
  readonly found: unknown;
}

/**
 * What of a value is not as expected. Maps are compared by the keys that are expected, all else must be the same; `{exactly: v}` compares
 * the whole, `{$match: pattern}` a text, `{$any: type}` the type alone.
 */
export function mismatches(expected: unknown, found: unknown, path = ''): readonly Mismatch[] {
  const wrong = [{ path, expected, found }];
  if (Array.isArray(expected)) {
    if (!Array.isArray(found) || found.length !== expected.length) return wrong;
    return expected.flatMap((item: unknown, index) => mismatches(item, found[index], `${path}[${index}]`));
  }
  if (!isMap(expected)) return isDeepStrictEqual(expected, found) ? [] : wrong;
  const judged = matcher(expected, found);
  if (judged !== undefined) return judged ? [] : wrong;
  if (!isMap(found)) return wrong;
  return Object.entries(expected).flatMap(([key, value]) => mismatches(value, found[key], path === '' ? key : `${path}.${key}`));
}

/** Whether a value is as a matcher says; undefined when the map is none. */
function matcher(expected: Readonly<Record<string, unknown>>, found: unknown): boolean | undefined {
  const [[key, wanted] = ['', undefined], ...more] = Object.entries(expected);
  if (more.length > 0) return undefined;
  switch (key) {
    case 'exactly':
      return isDeepStrictEqual(wanted, found);
    case '$match':
      return typeof found === 'string' && patternOf(String(wanted)).test(found);
    case '$any':
      return typeOf(found) === wanted || (wanted === 'any' && found !== undefined);
    default:
      return undefined;
  }
}

function patternOf(source: string): RegExp {
  try {
    return new RegExp(source, 'u');
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw unreadable(`The pattern ${source}`, `cannot be read: ${error.message}`);
  }
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'list' : isMap(value) ? 'map' : typeof value;
}
