import { describe, expect, it } from '@jest/globals';
import type { Json } from '@millrace/kernel';
import { narrowings } from './narrowing';

const ORDER: Json = {
  type: 'object',
  required: ['id'],
  properties: { id: { type: 'string' }, total: { type: 'number', minimum: 0 }, state: { enum: ['new', 'paid'] } },
};

const withProperty = (name: string, schema: Json): Json => ({
  ...(ORDER as object),
  properties: { ...(ORDER as { properties: object }).properties, [name]: schema },
});

describe('a schema after another', () => {
  it.each<[string, Json, Json]>([
    ['is the same, its keys in another order', ORDER, Object.fromEntries(Object.entries(ORDER as object).toReversed())],
    ['declares a property that was not', ORDER, withProperty('note', { type: 'string' })],
    ['allows more values', ORDER, withProperty('state', { enum: ['new', 'paid', 'sent'] })],
    ['takes numbers where whole ones were taken', { type: 'integer' }, { type: 'number' }],
    ['lets go of a bound', ORDER, withProperty('total', { type: 'number' })],
    ['lowers a least', { minimum: 5 }, { minimum: 4 }],
    ['raises a most', { maxLength: 5 }, { maxLength: 6 }],
    ['demands a size that everything has', {}, { minItems: 0 }],
    ['demands less', ORDER, { type: 'object' }],
    ['says other words of the same', { title: 'a', type: 'string' }, { title: 'b', description: 'c', type: 'string' }],
    ['accepts everything', ORDER, true],
    ['lets in what was shut out', { additionalProperties: false }, { properties: { a: { type: 'string' } } }],
    ['divides what was divided', { multipleOf: 10 }, { multipleOf: 5 }],
    ['names the one value there was', { enum: ['new'] }, { const: 'new' }],
    ['allows values beside the one there was', { const: 'new' }, { enum: ['new', 'paid'] }],
    ['keeps a pattern', { pattern: 'a' }, { pattern: 'a', title: 't' }],
    ['lets repetition in', { uniqueItems: true }, { uniqueItems: false }],
    ['keeps repetition out', { uniqueItems: true, title: 'a' }, { uniqueItems: true }],
    ['declares a property with a name that every object knows', { type: 'object' }, { properties: { constructor: { type: 'string' } } }],
    ['declares properties in no map', {}, { properties: null }],
  ])('is not narrower when it %s', (_, before, after) => {
    expect(narrowings(before, after)).toEqual([]);
  });

  it.each<[string, Json, Json, string]>([
    ['demands a property', ORDER, { ...(ORDER as object), required: ['id', 'total'] }, '/total'],
    ['demands one where it is declared', ORDER, withProperty('note', { type: 'string', required: true }), '/note'],
    ['takes whole numbers only', ORDER, withProperty('total', { type: 'integer', minimum: 0 }), '/total'],
    ['takes another type', ORDER, withProperty('id', { type: 'number' }), '/id'],
    ['takes a type where it took all', {}, { type: 'object' }, ''],
    ['allows fewer values', ORDER, withProperty('state', { enum: ['new'] }), '/state'],
    ['allows some values where it took any', { type: 'string' }, { type: 'string', enum: ['new'] }, ''],
    ['allows another value', { const: 'new' }, { const: 'paid' }, ''],
    ['has a least where it had none', { type: 'number' }, { type: 'number', minimum: 0 }, ''],
    ['divides what was not divided', { type: 'number' }, { type: 'number', multipleOf: 5 }, ''],
    ['divides otherwise', { multipleOf: 10 }, { multipleOf: 4 }, ''],
    ['allows one value', ORDER, withProperty('state', { const: 'new' }), '/state'],
    ['raises a least', ORDER, withProperty('total', { type: 'number', minimum: 1 }), '/total'],
    ['has a most', { type: 'string' }, { type: 'string', maxLength: 3 }, ''],
    ['has another pattern', { pattern: 'a' }, { pattern: 'b' }, ''],
    ['shuts out what it does not know', ORDER, { ...(ORDER as object), additionalProperties: false }, '/*'],
    [
      'drops a property and shuts out what it does not know',
      { properties: { a: {} }, additionalProperties: false },
      { additionalProperties: false },
      '/a',
    ],
    ['says what lists hold', { type: 'array' }, { type: 'array', items: { type: 'string' } }, '/*'],
    [
      'is narrower deep inside',
      { properties: { a: { items: { type: ['string', 'null'] } } } },
      { properties: { a: { items: { type: 'string' } } } },
      '/a/*',
    ],
    ['cannot be compared', { anyOf: [{ type: 'string' }] }, { anyOf: [{ type: 'string' }, { type: 'null' }] }, ''],
    ['accepts nothing', ORDER, false, ''],
    ['forbids repetition', {}, { uniqueItems: true }, ''],
  ])('is narrower when it %s', (_, before, after, pointer) => {
    expect(narrowings(before, after).map((one) => one.pointer)).toContain(pointer);
  });
});
