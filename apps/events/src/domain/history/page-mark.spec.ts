import { describe, expect, it } from '@jest/globals';
import { readMark, writeMark } from './page-mark';

describe('the mark of a page', () => {
  it('reads as it was written', () => {
    expect(readMark(writeMark({ recordedAt: 5, offset: 9n }))).toEqual({ recordedAt: 5, offset: 9n });
  });

  it.each(['', 'x', '1', '1 2 3', '-1 2', '1 2.5', `1 ${'9'.repeat(21)}`])('is not read from %j', (text) => {
    expect(() => readMark(text)).toThrow(expect.objectContaining({ code: 'events.cursor_invalid', refusal: 'invalid' }));
  });
});
