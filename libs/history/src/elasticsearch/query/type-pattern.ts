import { ALL, decided, UNDECIDED, type Bounds } from './bounds';

// The store refuses regular expressions of more than a thousand characters.
const LONGEST = 240;

/** Bounds of "the type fits this pattern". */
export function typePattern(pattern: string): Bounds {
  if (pattern.length > LONGEST) return UNDECIDED;
  const tokens = pattern.split('.');
  const isOpen = tokens.at(-1) === '>';
  const fixed = isOpen ? tokens.slice(0, -1) : tokens;
  if (isOpen && fixed.length === 0) return decided(ALL);
  if (!isOpen && !fixed.includes('*')) return decided({ term: { type: pattern } });
  const parts = fixed.map((token) => (token === '*' ? '[^.]*' : literally(token)));
  return decided({ regexp: { type: { value: [...parts, ...(isOpen ? ['.*'] : [])].join('\\.'), flags: 'NONE' } } });
}

/** A text as a regular expression of the store that stands for just that text. */
export function literally(text: string): string {
  return text.replace(/[^A-Za-z0-9\0]/gu, '\\$&');
}
