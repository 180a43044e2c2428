import { describe, expect, it } from '@jest/globals';
import { checkHeaders } from './headers-in';

describe('headers of a request', () => {
  const many = (count: number): string[] => Array.from({ length: count }, (_, at) => [`x-${at}`, '']).flat();

  it('are a hundred at most', () => {
    expect(() => checkHeaders(many(100))).not.toThrow();
    expect(() => checkHeaders(many(101))).toThrow(expect.objectContaining({ code: 'api.headers_too_large', refusal: 'invalid' }));
  });
});

describe('headers that may stand once', () => {
  it.each([['Authorization'], ['content-type'], ['HOST'], ['Millrace-Api-Key']])(
    'are refused twice, however they are written: %s',
    (name) => {
      const twice = [name, 'a', 'accept', '*/*', name.toLowerCase(), 'a'];
      expect(() => checkHeaders(twice)).toThrow(expect.objectContaining({ code: 'api.header_twice', refusal: 'invalid' }));
    },
  );

  it('do not keep others from standing as often as they like', () => {
    expect(() => checkHeaders(['host', 'a', 'accept', 'a', 'accept', 'b', 'cookie', 'a', 'cookie', 'b'])).not.toThrow();
  });
});
