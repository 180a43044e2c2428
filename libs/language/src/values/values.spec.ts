import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createHash } from 'node:crypto';
import type { Json, JsonMap } from '@millrace/kernel';
import { equal, order, same } from './compare';
import { cleaned, DataRefused } from './json';
import { namedId, sha1 } from './named-id';
import { Chance, fnv1a, splitMix64 } from './random';
import { take } from './rate';
import { isTrue, lineOf, numberOf, textOf, typeName } from './value';
import type { Value } from './value';

describe('same', () => {
  it.each<[Value, Value, boolean]>([
    [null, undefined, false],
    [1, '1', false],
    [[1, { a: 2, b: 3 }], [1, { b: 3, a: 2 }], true],
    [[1], [1, 2], false],
    [[1], { 0: 1 }, false],
    [{ 0: 1 }, [1], false],
    [{ a: null }, { b: null }, false],
    [{ a: 1 }, { a: 1, b: 2 }, false],
    [{}, null, false],
  ])('of %j and %j is %s', (a, b, expected) => {
    expect(same(a, b)).toBe(expected);
  });
});

describe('equal', () => {
  it.each<[Value, Value, boolean]>([
    [null, undefined, true],
    [undefined, 0, false],
    ['', null, false],
    [1, '1', true],
    [true, 1, true],
    ['', 0, true],
    ['a', 'a', true],
    ['01', '1', false],
    ['x', 0, false],
    [{ a: 1 }, { a: 1 }, true],
    [{ a: 1 }, '[object Object]', false],
    [1, [1], false],
  ])('of %j and %j is %s', (a, b, expected) => {
    expect(equal(a, b)).toBe(expected);
    expect(equal(b, a)).toBe(expected);
  });
});

describe('order', () => {
  it.each<[Value, Value, number | undefined]>([
    ['a', 'b', -1],
    ['b', 'a', 1],
    ['10', '9', -1],
    ['10', 9, 1],
    [true, 0, 1],
    [0, true, -1],
    [' 3 ', 3, 0],
    ['', 5, undefined],
    [null, 5, undefined],
    [5, [], undefined],
  ])('of %j and %j is %j', (a, b, expected) => {
    expect(order(a, b)).toBe(expected);
  });
});

describe('a value', () => {
  it('is false only as false, 0, empty text, null and missing', () => {
    const values: readonly Value[] = [false, 0, '', null, undefined, true, 1, '0', 'false', [], {}];
    expect(values.filter(isTrue)).toEqual([true, 1, '0', 'false', [], {}]);
  });

  it.each<[Value, number | undefined]>([
    ['+1.50', 1.5],
    [' -2e3\n', -2000],
    ['1e999', undefined],
    ['0x10', undefined],
    ['.5', undefined],
    ['', undefined],
    [true, undefined],
  ])('%j as a number is %j', (value, expected) => {
    expect(numberOf(value)).toBe(expected);
  });

  it.each<[Value, string, string, string]>([
    [undefined, '', '', 'missing'],
    [null, '', '', 'null'],
    [false, 'false', 'false', 'boolean'],
    [1.5, '1.5', '1.5', 'number'],
    ['t', 't', 't', 'text'],
    [[1], '[\n  1\n]', '[1]', 'list'],
    [{ a: 1 }, '{\n  "a": 1\n}', '{"a":1}', 'map'],
  ])('%j has its text, its line and the name of its type', (value, text, line, type) => {
    expect([textOf(value), lineOf(value), typeName(value)]).toEqual([text, line, type]);
  });
});

describe('data from outside', () => {
  it('is the same object when nothing is wrong with it', () => {
    const data: Json = { a: [1, { b: null }] };
    expect(cleaned(data)).toBe(data);
  });

  it('loses keys named __proto__ and what JSON does not know', () => {
    const data = { a: [Number.NaN, undefined, () => 1], b: undefined, c: JSON.parse('{"__proto__": {"x": 1}, "y": 2}') as unknown };
    expect(cleaned(data)).toEqual({ a: [null, null, null], c: { y: 2 } });
    expect(Object.hasOwn((cleaned(data) as JsonMap)['c'] as JsonMap, '__proto__')).toBe(false);
  });

  it('may be nested 64 deep and no deeper', () => {
    const nested = (depth: number): Json => JSON.parse('['.repeat(depth) + ']'.repeat(depth)) as Json;
    expect(cleaned(nested(64))).toEqual(nested(64));
    expect(() => cleaned(nested(65))).toThrow(DataRefused);
  });
});

describe('sha1', () => {
  it('is what the platform computes, for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(Buffer.from(sha1(bytes)).toString('hex')).toBe(createHash('sha1').update(bytes).digest('hex'));
      }),
    );
  });
});

describe('namedId', () => {
  it('is always the same for a name, and another for another', () => {
    expect(namedId('evt', 'run_1/0')).toBe(namedId('evt', 'run_1/0'));
    expect(namedId('evt', 'run_1/0')).toMatch(/^evt_/);
    expect(namedId('evt', 'run_1/1')).not.toBe(namedId('evt', 'run_1/0'));
  });
});

describe('chance', () => {
  it('draws from SplitMix64 as its authors publish it', () => {
    expect([0, 1, 2].map((n) => splitMix64(1234567n, n))).toEqual([6457827717110365317n, 3203168211198807973n, 9817491932198370423n]);
  });

  it('is seeded with FNV-1a of 64 bits', () => {
    expect(fnv1a('')).toBe(0xcbf29ce484222325n);
    expect(fnv1a('a')).toBe(0xaf63dc4c8601ec8cn);
    expect(fnv1a('foobar')).toBe(0x85944171f73967e8n);
  });

  it('can be taken up where it was left', () => {
    const chance = new Chance('seed');
    const drawn = [chance.fraction(), chance.fraction(), chance.fraction()];
    expect(new Chance('seed', 2).fraction()).toBe(drawn[2]);
    expect(drawn.every((value) => value >= 0 && value < 1)).toBe(true);
  });

  it('makes UUIDs of version 4 from two draws', () => {
    const chance = new Chance('seed');
    expect(chance.uuid()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(chance.drawn).toBe(2);
  });
});

describe('a bucket', () => {
  const limit = { limit: 2, window: 1000, consume: 1 };

  it('gives its limit at once, then refuses and says for how long', () => {
    const first = take(undefined, limit, 0);
    const second = take(first.bucket, limit, 0);
    const third = take(second.bucket, limit, 0);
    expect([first, second, third].map(({ ok, remaining, retryAfter }) => ({ ok, remaining, retryAfter }))).toEqual([
      { ok: true, remaining: 1, retryAfter: 0 },
      { ok: true, remaining: 0, retryAfter: 0 },
      { ok: false, remaining: 0, retryAfter: 500 },
    ]);
  });

  it('fills evenly, and not beyond its limit', () => {
    const empty = take(take(undefined, limit, 0).bucket, limit, 0).bucket;
    expect(take(empty, limit, 500).ok).toBe(true);
    expect(take(empty, limit, 499).ok).toBe(false);
    expect(take(empty, limit, 1_000_000).remaining).toBe(1);
  });
});
