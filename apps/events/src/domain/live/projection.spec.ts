import { describe, expect, it } from '@jest/globals';
import { pick, projectionKey } from './projection';

const payload = { a: { b: 1, c: { d: 2, e: null } }, list: [1, 2], f: 'x' };

describe('a part of a payload', () => {
  it.each<[readonly string[], object]>([
    [[], {}],
    [['f'], { f: 'x' }],
    [['a.b', 'a.c.d'], { a: { b: 1, c: { d: 2 } } }],
    [['a.c.e'], { a: { c: { e: null } } }],
    [['a.c.e', 'a.c.e.x'], { a: { c: { e: null } } }],
    [['a', 'a.b'], { a: payload.a }],
    [['a.b', 'a'], { a: payload.a }],
    [['list', 'f.g', 'x', 'a.x.y', 'list.0'], { list: [1, 2] }],
    [['toString', '__proto__.x'], {}],
  ])('by %j', (paths, expected) => {
    expect(pick(payload, paths)).toEqual(expected);
  });

  it('is known by what it holds, in whatever order it was asked for', () => {
    expect(projectionKey(['b', 'a'])).toBe(projectionKey(['a', 'b']));
    expect(new Set([projectionKey('full'), projectionKey('none'), projectionKey([]), projectionKey(['full'])]).size).toBe(4);
  });
});
