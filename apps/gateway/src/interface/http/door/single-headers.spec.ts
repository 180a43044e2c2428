import { describe, expect, it } from '@jest/globals';
import { checkSingleHeaders } from './single-headers';

describe('headers that may stand once', () => {
  it.each([['Authorization'], ['content-type'], ['HOST'], ['Millrace-Api-Key']])(
    'are refused twice, however they are written: %s',
    (name) => {
      const twice = [name, 'a', 'accept', '*/*', name.toLowerCase(), 'a'];
      expect(() => checkSingleHeaders(twice)).toThrow(expect.objectContaining({ code: 'api.header_twice', refusal: 'invalid' }));
    },
  );

  it('do not keep others from standing as often as they like', () => {
    expect(() => checkSingleHeaders(['host', 'a', 'accept', 'a', 'accept', 'b', 'cookie', 'a', 'cookie', 'b'])).not.toThrow();
  });
});
