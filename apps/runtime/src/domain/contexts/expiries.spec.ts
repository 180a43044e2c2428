import { describe, expect, it } from '@jest/globals';
import type { Json, JsonMap } from '@millrace/kernel';
import type { WriteRequest } from '@millrace/language';
import fc from 'fast-check';
import { withoutExpired, written, type Fleeting } from './expiries';

type Change = Pick<WriteRequest, 'path' | 'op' | 'value' | 'ttl'>;

const change = (fleeting: Fleeting, request: Change, now = 0): Fleeting =>
  written(fleeting, { context: 'global', instance: '', owner: '', ...request }, now).after;
const holding = (value: JsonMap): Fleeting => ({ value, expiries: [] });
const after = (value: JsonMap, changes: readonly Change[], now: number): JsonMap =>
  withoutExpired(
    changes.reduce((fleeting, one) => change(fleeting, one), holding(value)),
    now,
  ).value;
const set = (path: Change['path'], value: Json, ttl?: number): Change => ({
  path,
  op: 'replace',
  value,
  ...(ttl === undefined ? {} : { ttl }),
});

describe('a key with a time to live', () => {
  it('goes when its time has come, not before', () => {
    expect(after({ b: 1 }, [set(['a'], 1, 10)], 9)).toEqual({ a: 1, b: 1 });
    expect(after({ b: 1 }, [set(['a'], 1, 10)], 10)).toEqual({ b: 1 });
  });

  it('counts from the write that said so last', () => {
    const twice = change(change(holding({}), set(['a'], 1, 10)), set(['a'], 2, 10), 5);
    expect(withoutExpired(twice, 14).value).toEqual({ a: 2 });
    expect(withoutExpired(twice, 15)).toEqual({ value: {}, expiries: [] });
  });

  it('stays for good when it is replaced without one, itself or with what it is in', () => {
    expect(after({}, [set(['a', 'b'], 1, 10), set(['a', 'b'], 2)], 10)).toEqual({ a: { b: 2 } });
    expect(after({}, [set(['a', 'b'], 1, 10), set(['a'], { b: 2 })], 10)).toEqual({ a: { b: 2 } });
    expect(after({}, [set(['a', 'b'], 1, 10), { path: ['a'], op: 'merge', value: { b: 2 } }], 10)).toEqual({ a: { b: 2 } });
    expect(after({}, [set(['a'], 1, 10), { path: ['a'], op: 'delete' }, set(['a'], 2)], 10)).toEqual({ a: 2 });
  });

  it('goes all the same when something is added to it, or laid beside it', () => {
    expect(after({}, [set(['a'], 1, 10), { path: ['a'], op: 'increment' }], 10)).toEqual({});
    expect(after({}, [set(['a'], [], 10), { path: ['a'], op: 'push', value: 1 }], 10)).toEqual({});
    expect(after({}, [set(['a'], [1], 10), { path: ['a'], op: 'merge', value: [2] }], 10)).toEqual({});
    expect(after({}, [set(['a', 'b'], 1, 10), { path: ['a'], op: 'merge', value: { c: 1 } }], 10)).toEqual({ a: { c: 1 } });
    expect(after({}, [set(['a', 'b'], 1, 10), set(['c'], 1), { path: ['d'], op: 'delete' }], 10)).toEqual({ a: {}, c: 1 });
  });

  it('has none when it is removed at once', () => {
    expect(change(holding({ a: 1 }), { path: ['a'], op: 'delete', ttl: 10 })).toEqual({ value: {}, expiries: [] });
    expect(change(holding({}), { path: ['a'], op: 'delete', ttl: 10 })).toEqual({ value: {}, expiries: [] });
  });

  it('is forgotten when it is gone already', () => {
    const vanished = { value: { b: 1 }, expiries: [{ path: ['a', 'b'], at: 5 }] };
    expect(withoutExpired(vanished, 5)).toEqual({ value: { b: 1 }, expiries: [] });
  });

  it('may be an item, named from the end or with something below it', () => {
    expect(after({ l: [1, 2, 3] }, [set(['l', -1], 4, 10)], 10)).toEqual({ l: [1, 2] });
    expect(after({ l: [{ x: 0 }, {}] }, [set(['l', 1, 'x'], 1, 10), { path: ['l', 0], op: 'delete' }], 10)).toEqual({ l: [{}] });
    expect(after({ l: [1, 2] }, [set(['l'], [1, 2], 10), { path: ['l', -9], op: 'delete' }], 9)).toEqual({ l: [1, 2] });
    expect(after({ l: [1, 2] }, [set(['l'], [1, 2], 10), { path: ['l', 0], op: 'delete' }], 10)).toEqual({});
  });
});

interface Kept {
  readonly id: number;
  readonly until: number;
}

const ttl = fc.option(fc.integer({ min: 0, max: 6 }), { nil: undefined });
const moves = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('put' as const), at: fc.nat(9), ttl }),
    fc.record({ kind: fc.constant('remove' as const), at: fc.integer({ min: -6, max: 9 }) }),
    fc.record({ kind: fc.constant('wait' as const), time: fc.nat(4) }),
  ),
  { maxLength: 40 },
);

it('keeps the items of a list apart, whatever goes before them', () => {
  fc.assert(
    fc.property(moves, (list) => {
      let fleeting = holding({ l: [] });
      let model: readonly Kept[] = [];
      let now = 0;
      for (const [id, move] of list.entries()) {
        if (move.kind === 'wait') {
          now += move.time;
        } else if (move.kind === 'put') {
          const at = Math.min(move.at, model.length);
          fleeting = change(fleeting, set(['l', at], id, move.ttl), now);
          model = [...model.slice(0, at), { id, until: move.ttl === undefined ? Infinity : now + move.ttl }, ...model.slice(at + 1)];
        } else {
          const at = move.at < 0 ? move.at + model.length : move.at;
          fleeting = change(fleeting, { path: ['l', move.at], op: 'delete' }, now);
          model = model.filter((_, index) => index !== at);
        }
        fleeting = withoutExpired(fleeting, now);
        model = model.filter(({ until }) => until > now);
        expect(fleeting.value).toEqual({ l: model.map(({ id: kept }) => kept) });
        expect(fleeting.expiries).toHaveLength(model.filter(({ until }) => until < Infinity).length);
      }
    }),
  );
});
