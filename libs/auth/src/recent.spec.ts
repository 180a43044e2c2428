import { describe, expect, it } from '@jest/globals';
import { Recent } from './recent';

describe('Recent', () => {
  it('forgets what was not asked for lately, and holds no more than it may', () => {
    const recent = new Recent<string, number>(2);
    recent.set('a', 1);
    recent.set('b', 2);
    recent.get('a');
    recent.set('c', 3);
    expect([recent.get('a'), recent.get('b'), recent.get('c')]).toEqual([1, undefined, 3]);
    const many = new Recent<number, number>(100);
    for (let n = 1; n <= 1_000; n++) {
      many.set(n, n);
      many.get(1);
    }
    expect([1, 1_000, 960].map((n) => many.get(n))).toEqual([1, 1_000, 960]);
    expect([2, 500, 899].map((n) => many.get(n))).toEqual([undefined, undefined, undefined]);
  });

  it('replaces what has the same key', () => {
    const recent = new Recent<string, number>(2);
    recent.set('a', 1);
    recent.set('a', 2);
    recent.set('b', 3);
    expect([recent.get('a'), recent.get('b')]).toEqual([2, 3]);
  });

  it('holds nothing when it may hold nothing', () => {
    const recent = new Recent<string, number>(0);
    recent.set('a', 1);
    expect(recent.get('a')).toBeUndefined();
  });

  it('forgets what it is told to forget', () => {
    const recent = new Recent<string, number>(2);
    recent.set('a', 1);
    recent.delete('a');
    expect(recent.get('a')).toBeUndefined();
  });
});
