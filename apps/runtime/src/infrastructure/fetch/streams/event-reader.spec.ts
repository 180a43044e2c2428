import { describe, expect, it } from '@jest/globals';
import { EventReader } from './event-reader';

/** The events of a text, which comes in pieces of a size. */
function read(text: string, size = text.length): readonly unknown[] {
  const reader = new EventReader();
  const pieces = Array.from({ length: Math.ceil(text.length / size) }, (_, at) => text.slice(at * size, (at + 1) * size));
  return [...pieces.flatMap((piece) => [...reader.take(piece)]), ...reader.end()];
}

const TEXT =
  'event: tick\r\nid: 7\r\ndata: {"n":1}\r\n\r\n: nothing\r\rdata: a\rdata:b\r\rretry: 50\n\ndata\n\nid: 8\ndata:  c\nretry: soon\nother: x\n\ndata: last';
const EVENTS = [
  { data: [{ n: 1 }], event: 'tick', id: '7' },
  { data: ['a', 'b'] },
  { data: [''] },
  { data: [' c'], id: '8' },
  { data: ['last'] },
];

describe('reading server-sent events', () => {
  it('takes fields, comments and all three ends of lines for what they are', () => {
    expect(read(TEXT)).toEqual(EVENTS);
  });

  it.each([1, 2, 3, 5, 8, 13])('gives the same when the text comes in pieces of %d', (size) => {
    expect(read(TEXT, size)).toEqual(EVENTS);
  });

  it('parses what begins like JSON, over one line or several, and leaves what is none', () => {
    expect(read('data: [1]\ndata: {"a":2}\n\ndata: {\ndata: "a": 3}\n\ndata: {oops\n\ndata: 5\n\n')).toEqual([
      { data: [[1], { a: 2 }] },
      { data: [{ a: 3 }] },
      { data: ['{oops'] },
      { data: ['5'] },
    ]);
  });

  it('takes no id with a zero in it, and no keys that reach behind an object', () => {
    expect(read('id: a\0b\ndata: {"__proto__":{"x":1},"y":2}\n\n')).toEqual([{ data: [{ y: 2 }] }]);
  });

  it('gives an event as soon as its line has ended', () => {
    const reader = new EventReader();
    expect([...reader.take('data: 1\r\r')]).toEqual([{ data: ['1'] }]);
    expect([...reader.take('\n')]).toEqual([]);
    expect([...reader.take('data: 2\n\n')]).toEqual([{ data: ['2'] }]);
  });
});
