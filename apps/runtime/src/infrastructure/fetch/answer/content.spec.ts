import { describe, expect, it } from '@jest/globals';
import type { Json } from '@millrace/kernel';
import { headersOf } from './answer';
import { bodyOf, isEventStream } from './content';
import { TooDeep } from './json';

function body(contentType: string | undefined, bytes: string | Buffer, mode: Parameters<typeof bodyOf>[1] = 'body'): Json {
  return bodyOf(
    { status: 200, headers: contentType === undefined ? {} : { 'content-type': contentType }, bytes: Buffer.from(bytes) },
    mode,
  );
}

describe('the body of an answer', () => {
  it.each(['application/json', 'application/json; charset=utf-8', 'application/problem+json', 'text/json', 'APPLICATION/JSON'])(
    'is parsed when it is %s',
    (type) => {
      expect(body(type, '{"a":[1,null]}')).toEqual({ a: [1, null] });
    },
  );

  it('is text when it calls itself JSON and is none', () => {
    expect(body('application/json', '<html>')).toBe('<html>');
  });

  it('loses keys named __proto__ at any depth, however they are spelt, and no others', () => {
    const value = body('application/json', '{"__proto__":{"a":1},"b":[{"__\\u0070roto__":1,"constructor":2}],"prototype":3}');
    expect(JSON.stringify(value)).toBe('{"b":[{"constructor":2}],"prototype":3}');
    expect(({} as Record<string, unknown>)['a']).toBeUndefined();
  });

  it('is refused when it is nested too deep', () => {
    const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);
    expect(JSON.stringify(body('application/json', nested(64)))).toBe(nested(64));
    expect(() => body('application/json', nested(65))).toThrow(TooDeep);
    expect(() => body('application/json', nested(100_000))).toThrow(TooDeep);
  });

  it.each([
    ['text/plain', 'grün'],
    ['text/html; charset="utf-8"', 'grün'],
    ['text/csv; charset=unheard-of', 'grün'],
  ])('is text when it is %s', (type, text) => {
    expect(body(type, text)).toBe(text);
  });

  it('is read in the charset it names', () => {
    expect(body('text/plain; charset=iso-8859-1', Buffer.from('grün', 'latin1'))).toBe('grün');
  });

  it('is type, size and base64 when it is anything else', () => {
    expect(body('image/png', 'hi')).toEqual({ contentType: 'image/png', size: 2, base64: 'aGk=' });
    expect(body(undefined, 'hi')).toEqual({ contentType: 'application/octet-stream', size: 2, base64: 'aGk=' });
  });

  it('is null when there is none, and empty text when it is text', () => {
    expect([body(undefined, ''), body('application/json', ''), body('image/png', ''), body('text/plain', '')]).toEqual([
      null,
      null,
      null,
      '',
    ]);
  });

  it('is base64 or a data URL when asked for', () => {
    expect(body('application/json', '{}', 'base64')).toBe('e30=');
    expect(body('text/html; charset=utf-8', 'hi', 'data_url')).toBe('data:text/html;charset=utf-8;base64,aGk=');
    expect(body(undefined, '', 'data_url')).toBe('data:application/octet-stream;base64,');
  });
});

describe('the headers of an answer', () => {
  it('are a map without __proto__', () => {
    const headers = Object.fromEntries([
      ['__proto__', 'x'],
      ['set-cookie', ['a=1', 'b=2']],
      ['etag', '"1"'],
      ['gone', undefined],
    ] as [string, string][]);
    expect(Object.entries(headersOf(headers))).toEqual([
      ['set-cookie', ['a=1', 'b=2']],
      ['etag', '"1"'],
    ]);
  });

  it('tell a stream of events', () => {
    expect(['text/event-stream', 'text/event-stream; charset=utf-8', 'text/plain', undefined].map(isEventStream)).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});
