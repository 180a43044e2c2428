import { describe, expect, it } from '@jest/globals';
import { textFrame } from './frame';

describe('a text frame', () => {
  const head = 'head ';

  it.each([
    ['a length of 16 bits, in one piece', 200, 1],
    ['a length of 16 bits, in two pieces where a copy costs more', 16 * 1024 + 1, 2],
    ['a length of 64 bits', 70_000, 2],
  ])('has %s', (_, size, pieces) => {
    const tail = Buffer.alloc(size, 'ü');
    const frame = textFrame(head, tail);
    expect(frame.length).toBe(pieces);
    const bytes = Buffer.concat(frame);
    expect(bytes[0]).toBe(0x81);
    const isLong = bytes[1] === 127;
    const length = isLong ? Number(bytes.readBigUInt64BE(2)) : bytes.readUInt16BE(2);
    expect(isLong).toBe(length > 0xffff);
    expect(length).toBe(head.length + size);
    expect(bytes.subarray(isLong ? 10 : 4)).toEqual(Buffer.concat([Buffer.from(head), tail]));
  });
});
