import { describe, expect, it } from '@jest/globals';
import { parsedJson } from './parsed-json';

describe('JSON from outside', () => {
  it('is the value it says', () => {
    expect(parsedJson('{"a":[1,{"b":"\\u00e4"}]}')).toEqual({ a: [1, { b: 'ä' }] });
    expect(() => parsedJson('{')).toThrow(SyntaxError);
  });

  it.each(['{"__proto__":{"x":1},"a":1}', '{"\\u005f_proto__":{"x":1},"a":1}', '{"a":1,"_\\u005Fpr\\u006fto__":null}'])(
    'holds no key __proto__, however it is written: %s',
    (source) => {
      const value = parsedJson(source);
      expect(Object.keys(value as object)).toEqual(['a']);
      expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    },
  );
});
