import { createHash } from 'node:crypto';
import type { Leaf } from '../../leaves';

// Ends the path within a term; a path that holds one itself is not written.
const END = '\0';
const LONGEST_TEXT = 256;
const LONGEST_PATH = 512;
const SIGN = 2 ** 31;
const BITS = new DataView(new ArrayBuffer(8));

/** Where the terms of one field and kind lie: `from` begins them all, and all that follows them is at least `to`. */
export interface TermRange {
  readonly from: string;
  readonly to: string;
}

/**
 * Whether the terms of a path can be told from those of others. Keys with a dot are no concern: no filter reaches below one, so they are
 * never written.
 */
export function isWritable(path: string): boolean {
  return path.length <= LONGEST_PATH && !path.includes(END) && path.isWellFormed();
}

/** Whether a text stands in its term as it is, so that it can be found by its beginning, its end or its order; else by equality alone. */
export function isSpelledOut(text: string): boolean {
  return text.length <= LONGEST_TEXT && text.isWellFormed();
}

/** What all terms of a path begin with, and no others. */
export function beginningOf(path: string): string {
  return path + END;
}

/** The terms of all texts of a path that are spelled out. */
export function textsOf(path: string): TermRange {
  return { from: `${path}${END}s:`, to: `${path}${END}s;` };
}

/** The terms of all numbers of a path, in the order of the numbers behind `from`. */
export function numbersOf(path: string): TermRange {
  return { from: `${path}${END}n:`, to: `${path}${END}n;` };
}

/** The term that stands for "this field holds this value": equal for what is equal, `0` and `-0` too. */
export function termOf(path: string, leaf: Leaf): string {
  if (typeof leaf === 'boolean') return `${path}${END}b:${leaf}`;
  if (typeof leaf === 'number') return numbersOf(path).from + sortable(leaf);
  return isSpelledOut(leaf) ? textsOf(path).from + leaf : `${path}${END}h:${hashed(leaf)}`;
}

/** The value of a term; undefined for one that only a hash stands for. */
export function leafOf(term: string): Leaf | undefined {
  const end = term.indexOf(END);
  const value = term.slice(end + 3);
  switch (term.charAt(end + 1)) {
    case 's':
      return value;
    case 'n':
      return numberOf(value);
    case 'b':
      return value === 'true';
    default:
      return undefined;
  }
}

/** A number as 16 digits whose order is that of the numbers: the bits of a double, the sign turned, negative ones turned whole. */
export function sortable(number: number): string {
  BITS.setFloat64(0, number + 0);
  const [high, low] = [BITS.getUint32(0), BITS.getUint32(4)];
  return high < SIGN ? eightDigits(high + SIGN) + eightDigits(low) : eightDigits(~high >>> 0) + eightDigits(~low >>> 0);
}

function numberOf(digits: string): number {
  const [high, low] = [Number.parseInt(digits.slice(0, 8), 16), Number.parseInt(digits.slice(8), 16)];
  BITS.setUint32(0, high < SIGN ? ~high : high - SIGN);
  BITS.setUint32(4, high < SIGN ? ~low : low);
  return BITS.getFloat64(0);
}

function eightDigits(bits: number): string {
  return bits.toString(16).padStart(8, '0');
}

/** By UTF-16 units: what UTF-8 cannot write has a hash, too. */
function hashed(text: string): string {
  return createHash('sha256').update(text, 'utf16le').digest('base64url');
}
