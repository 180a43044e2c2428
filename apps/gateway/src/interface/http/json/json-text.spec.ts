import { DomainError } from '@millrace/kernel';
import { describe, expect, it } from '@jest/globals';
import { JsonText } from './json-text';

/** The refusal of a text that is passed over whole. */
function refusalOf(text: string): DomainError | undefined {
  try {
    const json = new JsonText(text);
    json.skip();
    json.end();
    return undefined;
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
}

describe('a JSON text', () => {
  it.each([
    '{}',
    '[]',
    ' { "a" : [ 1 , -0.5e+10 , "x\\u00e9\\n" , true , false , null , { } ] } ',
    '"\\ud83d\\ude00"',
    '0',
    '[[[[]]]]',
    '{"constructor":1,"prototype":2}',
  ])('takes %s', (text) => {
    expect(refusalOf(text)).toBeUndefined();
    expect(() => JSON.parse(text) as unknown).not.toThrow();
  });

  it.each([
    '',
    '{',
    '[1,]',
    '{"a":}',
    '{"a" 1}',
    '{a:1}',
    '01',
    '1.',
    '+1',
    'nul',
    'truefalse',
    '"a',
    '"\\x"',
    '"a\nb"',
    '[1] 2',
    '{"a":1,}',
    '.5',
    "'a'",
    '\u00a0{}',
  ])('refuses %j as JSON.parse does', (text) => {
    expect(refusalOf(text)).toMatchObject({ code: 'api.json_syntax', refusal: 'invalid' });
    expect(() => JSON.parse(text) as unknown).toThrow();
  });

  it('tells line and column of what it does not understand', () => {
    expect(refusalOf('{\n  "a": 1,\n  b\n}')?.message).toContain('unexpected "b" at line 3, column 3');
    expect(refusalOf('[1, 2')?.message).toContain('ends too early at line 1, column 6');
  });

  it('refuses a key that stands twice, with its pointer', () => {
    expect(refusalOf('{"a":[{"b/~c":1,"b\\/~c":2}]}')).toMatchObject({ code: 'api.json_duplicate', errors: [{ pointer: '/a/0/b~1~0c' }] });
    expect(refusalOf('[{"a":1},{"a":1}]')).toBeUndefined();
  });

  it('refuses the key __proto__ at any depth, however it is written', () => {
    expect(refusalOf('{"a":{"__proto__":{}}}')).toMatchObject({ code: 'api.json_key', errors: [{ pointer: '/a/__proto__' }] });
    expect(refusalOf('{"\\u005f_proto__":1}')).toMatchObject({ code: 'api.json_key' });
  });

  it('refuses the 65th level and takes the 64th', () => {
    expect(refusalOf('['.repeat(64) + ']'.repeat(64))).toBeUndefined();
    expect(refusalOf('['.repeat(65) + ']'.repeat(65))).toMatchObject({ code: 'api.json_depth' });
    expect(refusalOf('['.repeat(100_000))).toMatchObject({ code: 'api.json_depth' });
    expect(refusalOf('{"a":'.repeat(100_000))).toMatchObject({ code: 'api.json_depth' });
  });

  it('refuses more than 10,000 keys', () => {
    const keys = (count: number): string => `{${Array.from({ length: count }, (_, index) => `"k${index}":0`).join(',')}}`;
    expect(refusalOf(keys(10_000))).toBeUndefined();
    expect(refusalOf(keys(10_001))).toMatchObject({ code: 'api.json_keys' });
  });

  it('gives back how a value is written', () => {
    const json = new JsonText(' [ {"a": 1.0, "b":"\\u00e9"} , 12345678901234567890 ]');
    const sources: string[] = [];
    json.array(() => sources.push(json.source()));
    expect(sources).toEqual(['{"a": 1.0, "b":"\\u00e9"}', '12345678901234567890']);
  });

  it('names the first twenty misfits and no more', () => {
    const json = new JsonText(`[${Array.from({ length: 50 }, () => '1').join(',')}]`);
    json.array(() => json.mistyped('a text'));
    try {
      json.end();
    } catch (error) {
      expect((error as DomainError).errors).toHaveLength(20);
      expect((error as DomainError).errors[19]).toEqual({
        pointer: '/19',
        code: 'api.field_type',
        detail: 'This must be a text, not a number.',
      });
    }
    expect.assertions(2);
  });
});
