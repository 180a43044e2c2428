import type { ScalarTree } from '../tree';

/** How many characters an escape has, the backslash included. */
const ESCAPES: Readonly<Record<string, number>> = { x: 4, u: 6, U: 10 };

/** A piece of the source, and how many characters of the value it stands for. */
interface Piece {
  readonly length: number;
  readonly stands: number;
}

/** The offset in the file of the character at `index` of a text between double quotes; no farther than the closing one. */
export function offsetInQuoted({ file: { text }, start, end }: ScalarTree, index: number): number {
  const last = Math.max(start + 1, end - 1);
  let at = start + 1;
  for (let passed = 0; at < last;) {
    const { length, stands } = pieceAt(text, at);
    if (passed + stands > index) return at;
    passed += stands;
    at += length;
  }
  return last;
}

function pieceAt(text: string, at: number): Piece {
  const character = text.charAt(at);
  if (character === '\\') return escapeAt(text, at);
  if (!/\s/.test(character)) return { length: 1, stands: 1 };
  const blanks = run(/\s+/y, text, at);
  const breaks = blanks.split('\n').length - 1;
  return breaks === 0 ? { length: 1, stands: 1 } : { length: blanks.length, stands: Math.max(1, breaks - 1) };
}

function escapeAt(text: string, at: number): Piece {
  const joined = run(/\\\r?\n[ \t]*/y, text, at);
  if (joined !== '') return { length: joined.length, stands: 0 };
  const length = ESCAPES[text.charAt(at + 1)] ?? 2;
  const beyond = length === 10 && Number.parseInt(text.slice(at + 2, at + 10), 16) > 0xffff;
  return { length, stands: beyond ? 2 : 1 };
}

function run(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? '';
}
