import { describe, expect, it } from '@jest/globals';
import { formatId, isId } from './ids';

describe('formatId', () => {
  it('writes the smallest and the largest UUID in 26 characters', () => {
    expect(formatId('ws', new Uint8Array(16))).toBe(`ws_${'0'.repeat(26)}`);
    expect(formatId('ws', new Uint8Array(16).fill(255))).toBe(`ws_7${'z'.repeat(25)}`);
  });

  it('takes bytes that are missing for zeros', () => {
    expect(formatId('ws', Uint8Array.of(255))).toBe(formatId('ws', Uint8Array.from([255, ...new Array<number>(15).fill(0)])));
  });

  it('keeps the order of the bytes', () => {
    const earlier = formatId('evt', Uint8Array.from([1, ...new Array<number>(15).fill(9)]));
    const later = formatId('evt', Uint8Array.from([2, ...new Array<number>(15).fill(0)]));
    expect(earlier < later).toBe(true);
  });
});

describe('isId', () => {
  it('accepts what formatId writes and nothing else', () => {
    const id = formatId('run', new Uint8Array(16).fill(7));
    expect(isId('run', id)).toBe(true);
    expect(isId('ws', id)).toBe(false);
    expect(isId('run', id.toUpperCase())).toBe(false);
    expect(isId('run', `${id}0`)).toBe(false);
    expect(isId('run', id.replace(/.$/, 'u'))).toBe(false);
  });
});
