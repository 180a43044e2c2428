import { keyInvalid } from './refusals';

const LONGEST = 512;
const SEGMENT = /^[A-Za-z0-9._-]{1,128}$/;
const BEGINNING = /^[A-Za-z0-9._-]{0,128}$/;

/** Refuses with `blobs.key_invalid` what is no key. */
export function requireKey(key: string): void {
  if (key.length > LONGEST || !key.split('/').every(isSegment)) throw keyInvalid(key);
}

/** Refuses with `blobs.key_invalid` what no key starts with. Answers the whole segments of the prefix. */
export function segmentsOf(prefix: string): readonly string[] {
  const segments = prefix.split('/');
  const whole = segments.slice(0, -1);
  if (prefix.length > LONGEST || !whole.every(isSegment) || !BEGINNING.test(segments.at(-1) ?? '')) throw keyInvalid(prefix);
  return whole;
}

function isSegment(text: string): boolean {
  return SEGMENT.test(text) && text !== '.' && text !== '..';
}
