import { describe, expect, it } from '@jest/globals';
import { Recent } from './recent';

describe('Recent', () => {
  it('forgets the entry not asked for the longest', () => {
    const recent = new Recent<string, number>(2);
    recent.set('a', 1);
    recent.set('b', 2);
    recent.get('a');
    recent.set('c', 3);
    expect([recent.get('a'), recent.get('b'), recent.get('c')]).toEqual([1, undefined, 3]);
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
