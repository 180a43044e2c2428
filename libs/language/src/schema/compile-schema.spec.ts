import { describe, expect, it } from '@jest/globals';
import type { Json } from '@millrace/kernel';
import { compileSchema } from './compile-schema';
import { SchemaInvalid } from './schema';

const problems = (schema: Json, value: Json): readonly string[] =>
  compileSchema(schema)(value, '').map(({ pointer, detail }) => `${pointer || '/'} ${detail}`);

describe('a schema', () => {
  it.each<[string, Json, readonly Json[], readonly Json[]]>([
    ['type', { type: 'integer' }, [1, -2, 1.0], [1.5, '1', null, true]],
    ['types', { type: ['string', 'null'] }, ['a', null], [1, []]],
    ['other types', { type: ['boolean', 'array', 'object'] }, [true, [], {}], [1]],
    ['localized texts', { type: 'localized:string' }, ['a', { en: 'a' }], [1, { en: 1 }]],
    ['localized numbers', { type: 'localized:number' }, [1, { en: 1 }], ['a']],
    ['localized booleans', { type: 'localized:boolean' }, [true, { en: false }], [0]],
    ['enum', { enum: [1, { a: 1 }] }, [1, { a: 1 }], ['1', {}]],
    ['const', { const: [1] }, [[1]], [[2], 1]],
    ['minimum and maximum', { minimum: 1, maximum: 3 }, [1, 3, 'x'], [0, 4]],
    ['exclusive bounds', { exclusiveMinimum: 1, exclusiveMaximum: 3 }, [2], [1, 3]],
    ['multipleOf', { multipleOf: 0.1 }, [0.3, 1], [0.35]],
    ['lengths in characters', { minLength: 2, maxLength: 3 }, ['ab', '😀😀😀', 7], ['a', 'abcd']],
    ['pattern', { pattern: '^a+$' }, ['aa', 1], ['b']],
    [
      'format date-time',
      { format: 'date-time' },
      ['2026-01-01T00:00:00Z', '2026-01-01T00:00:00.5+01:00'],
      ['2026-01-01', '2026-13-01T00:00:00Z'],
    ],
    ['format date', { format: 'date' }, ['2026-02-28'], ['2026-02-30', 'x']],
    ['format time', { format: 'time' }, ['10:20:30', '10:20:30Z'], ['25:00:00', '10:20']],
    ['format duration', { format: 'duration' }, ['P1D', 'PT1H30M', 'P2W', 'P1Y2M'], ['P', '1d', 'PT']],
    ['format email', { format: 'email' }, ['a@b.ch'], ['a@', 'a b@c', 'a']],
    ['format hostname', { format: 'hostname' }, ['a.b-c.d'], ['-a', 'a..b']],
    ['format ipv4', { format: 'ipv4' }, ['127.0.0.1'], ['256.0.0.1', '1.2.3']],
    ['format ipv6', { format: 'ipv6' }, ['::1', '2001:db8::1'], ['127.0.0.1', ':::']],
    ['format uri', { format: 'uri' }, ['https://a/b', 'mailto:a@b'], ['a/b']],
    ['format uri-reference', { format: 'uri-reference' }, ['a/b', '#x', 'https://a'], ['http://[x']],
    ['format uuid', { format: 'uuid' }, ['123e4567-e89b-42d3-a456-426614174000'], ['123']],
    ['format regex', { format: 'regex' }, ['a+'], ['(', 'a(?=b)']],
    ['format json-pointer', { format: 'json-pointer' }, ['', '/a/~0b'], ['a', '/~2']],
    ['format workspaceId', { format: 'workspaceId' }, ['ws_1'], ['a b']],
    ['format objectId', { format: 'objectId' }, ['0123456789abcdef01234567'], ['0123']],
    ['format identifier', { format: 'identifier' }, ['a_1'], ['1a']],
    ['format name', { format: 'name' }, ['Ada L.'], ['  ', 'a\nb']],
    ['a format nobody knows', { format: 'colour' }, ['anything'], []],
    ['properties', { properties: { a: { type: 'number' } } }, [{ a: 1 }, {}, { b: 'x' }, 7], [{ a: 'x' }]],
    ['required by a list', { required: ['a'] }, [{ a: null }, 7], [{}]],
    ['required by the property', { properties: { a: { required: true } } }, [{ a: 1 }], [{}]],
    [
      'additionalProperties',
      { properties: { a: {} }, patternProperties: { '^x': {} }, additionalProperties: false },
      [{ a: 1, x1: 1 }],
      [{ b: 1 }],
    ],
    ['a schema of others', { additionalProperties: { type: 'number' } }, [{ a: 1 }, 7], [{ a: 'x' }]],
    ['patternProperties', { patternProperties: { '^n': { type: 'number' } } }, [{ n1: 1, m: 'x' }, 7], [{ n1: 'x' }]],
    ['propertyNames', { propertyNames: { maxLength: 1 } }, [{ a: 1 }, 7], [{ ab: 1 }]],
    ['minProperties and maxProperties', { minProperties: 1, maxProperties: 2 }, [{ a: 1 }, 7], [{}, { a: 1, b: 2, c: 3 }]],
    ['dependentRequired without names', { dependentRequired: { a: 'b' } }, [{ a: 1 }], []],
    ['dependentRequired', { dependentRequired: { a: ['b'] } }, [{ a: 1, b: 1 }, {}, 7], [{ a: 1 }]],
    ['dependentSchemas', { dependentSchemas: { a: { required: ['b'] } } }, [{ a: 1, b: 1 }, {}, 7], [{ a: 1 }]],
    ['items', { items: { type: 'number' } }, [[1], [], 7], [['x']]],
    ['prefixItems', { prefixItems: [{ type: 'number' }], items: { type: 'string' } }, [[1, 'a'], [], 7], [['a'], [1, 2]]],
    ['contains', { contains: { const: 1 } }, [[1, 2], 7], [[2]]],
    ['contains so many', { contains: { const: 1 }, minContains: 2, maxContains: 2 }, [[1, 1]], [[1], [1, 1, 1]]],
    ['uniqueItems', { uniqueItems: true }, [[1, '1'], 7], [[{ a: 1 }, { a: 1 }]]],
    ['uniqueItems that are not wanted', { uniqueItems: false }, [[1, 1]], []],
    ['minItems and maxItems', { minItems: 1, maxItems: 2 }, [[1], 7], [[], [1, 2, 3]]],
    ['allOf', { allOf: [{ minimum: 1 }, { maximum: 2 }] }, [1, 2], [3]],
    ['anyOf', { anyOf: [{ type: 'string' }, { minimum: 5 }] }, ['a', 6], [4]],
    ['oneOf', { oneOf: [{ minimum: 1 }, { minimum: 5 }] }, [2], [6, 0]],
    ['not', { not: { type: 'string' } }, [1], ['a']],
    ['if, then, else', { if: { type: 'number' }, then: { minimum: 1 }, else: { minLength: 1 } }, [1, 'a'], [0, '']],
    ['if alone', { if: { type: 'number' } }, [1, 'a'], []],
    ['references', { $defs: { n: { type: 'number' } }, items: { $ref: '#/$defs/n' } }, [[1]], [['x']]],
    ['references to anchors', { $defs: { n: { $anchor: 'num', type: 'number' } }, $ref: '#num' }, [1], ['x']],
    [
      'references to itself',
      { properties: { next: { $ref: '#' } }, additionalProperties: false },
      [{ next: { next: {} } }],
      [{ next: { other: 1 } }],
    ],
    ['references with escapes', { $defs: { 'a/b~c': { type: 'number' } }, $ref: '#/$defs/a~1b~0c' }, [1], ['x']],
    ['references into lists', { allOf: [{ type: 'number' }], properties: { a: { $ref: '#/allOf/0' } } }, [1], ['x']],
    ['true', true, [1, null], []],
    ['false', false, [], [1]],
  ])('knows %s', (_, schema, fitting, unfitting) => {
    for (const value of fitting) expect([value, problems(schema, value)]).toEqual([value, []]);
    for (const value of unfitting) expect([value, problems(schema, value).length > 0]).toEqual([value, true]);
  });

  it('says where and what is wrong', () => {
    const schema = {
      properties: { list: { items: { properties: { 'a/b': { type: 'number' } }, required: ['c'] } } },
      additionalProperties: false,
    };
    expect(problems(schema, { list: [{ 'a/b': 'x' }], other: 1 })).toEqual([
      '/list/0/a~1b must be number',
      '/list/0/c is required',
      '/other is not known',
    ]);
  });

  it('does not follow a reference to itself for ever', () => {
    expect(problems({ $ref: '#' }, 1)).toEqual(['/ cannot be checked: its schema leads back to itself']);
  });

  it.each<[string, Json, string]>([
    ['an unknown type', { type: 'numbr' }, '/type'],
    ['a broken pattern', { properties: { a: { pattern: '(' } } }, '/properties/a/pattern'],
    ['an enum that is no list', { enum: 1 }, '/enum'],
    ['a bound that is no number', { minimum: '1' }, '/minimum'],
    ['multiples of nothing', { multipleOf: 0 }, '/multipleOf'],
    ['a size below nothing', { minLength: -1 }, '/minLength'],
    ['properties that are no map', { properties: [] }, '/properties'],
    ['required that is no list', { required: 'a' }, '/required'],
    ['prefixItems that is no list', { prefixItems: {} }, '/prefixItems'],
    ['allOf that is no list', { allOf: {} }, '/allOf'],
    ['anyOf that is no list', { anyOf: {} }, '/anyOf'],
    ['a reference that leads nowhere', { items: { $ref: '#/$defs/nope' } }, '/items/$ref'],
    ['a reference out of the document', { $ref: 'https://a/b' }, '/$ref'],
    ['a reference with an escape that is none', { $ref: '#/%' }, '/$ref'],
    ['a reference that is no text', { $ref: 1 }, '/$ref'],
    ['an anchor that is not there', { $ref: '#nope' }, '/$ref'],
    ['a schema that is none', { not: 1 }, ''],
  ])('refuses %s', (_, schema, pointer) => {
    expect(() => compileSchema(schema)).toThrow(expect.objectContaining({ pointer }));
    expect(() => compileSchema(schema)).toThrow(SchemaInvalid);
  });

  it('refuses one that is nested too deeply', () => {
    let schema: Json = true;
    for (let i = 0; i < 70; i++) schema = { not: schema };
    expect(() => compileSchema(schema)).toThrow('nested more than 64 deep');
  });
});
