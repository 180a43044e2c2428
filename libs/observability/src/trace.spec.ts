import { describe, expect, it } from '@jest/globals';
import { childTrace, formatTraceparent, parseTraceparent } from './trace';

const HEADER = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
const counting = (bytes: number): Uint8Array => new Uint8Array(bytes).fill(0xab);

describe('trace context', () => {
  it('is read and written in the same form', () => {
    const context = parseTraceparent(HEADER);
    expect(context).toEqual({ traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7', sampled: true });
    expect(context && formatTraceparent(context)).toBe(HEADER);
  });

  it.each([
    undefined,
    '',
    'nonsense',
    HEADER.replace('00-', 'ff-'),
    `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`,
    `00-${'a'.repeat(32)}-${'0'.repeat(16)}-01`,
  ])('is not read from %p', (header) => {
    expect(parseTraceparent(header)).toBeUndefined();
  });

  it('goes on in a child of its parent', () => {
    expect(childTrace(parseTraceparent(HEADER), counting)).toEqual({
      traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
      spanId: 'ab'.repeat(8),
      sampled: true,
    });
  });

  it('begins anew without a parent', () => {
    expect(formatTraceparent(childTrace(undefined, counting))).toBe(`00-${'ab'.repeat(16)}-${'ab'.repeat(8)}-00`);
  });
});
