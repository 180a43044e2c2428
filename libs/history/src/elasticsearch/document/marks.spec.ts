import { describe, expect, it } from '@jest/globals';
import type { JsonMap } from '@millrace/kernel';
import { logged } from '../../contract/events';
import { CROWDED, marksOf } from './marks';
import { termOf } from './terms';

const marks = (payload: JsonMap) => marksOf(logged(1), payload);

describe('the marks of an event', () => {
  it('tell what its envelope and its payload hold, lists item by item', () => {
    const { kv, paths, odd } = marks({ a: [{ b: 1 }, { b: 'x' }], c: null, d: {} });
    expect(kv).toEqual([
      ...[termOf('correlationId', 'cor_1'), termOf('actor.kind', 'user'), termOf('actor.id', 'u_1'), termOf('source.service', 'orders')],
      ...[termOf('payload.a.b', 1), termOf('payload.a.b', 'x')],
    ]);
    expect(paths.filter((path) => path.startsWith('payload'))).toEqual(['payload', 'payload.a', 'payload.a.b', 'payload.d']);
    expect(odd).toEqual([]);
  });

  it('tell where a list has both something and nothing, and where there is but an empty one', () => {
    expect(marks({ a: [{ b: 1 }, {}, { c: [] }], d: [null, 1], e: [1], f: 1 }).gaps).toEqual(['payload.a.b', 'payload.d']);
    expect(marks({ a: [], b: [[], 1], c: [{ d: [] }], e: [{ d: [] }, {}] }).voids).toEqual(['payload.a', 'payload.c.d']);
  });

  it('leave out what no filter reaches', () => {
    expect(marks({ 'a.b': 1 }).kv).not.toContain(termOf('payload.a.b', 1));
    expect(marks({ 'a.b': 1 }).odd).toEqual([]);
  });

  it('say where a text is not spelled out', () => {
    expect(marks({ a: 'x'.repeat(300) }).odd).toEqual(['payload.a']);
  });

  it('say when not all is marked', () => {
    const wide = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`k${i}`, i]));
    expect(marks(wide).odd).toEqual([CROWDED]);
    expect(marks({ ['k'.repeat(600)]: 1 }).odd).toEqual([CROWDED]);
    expect(marks({ 'k\0s:': 1 }).odd).toEqual([CROWDED]);
  });
});
