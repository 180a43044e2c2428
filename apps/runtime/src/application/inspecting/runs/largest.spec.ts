import { describe, expect, it } from '@jest/globals';
import { Largest } from './largest';

describe('the largest of many', () => {
  it('are found in any order, each once, as they came last', () => {
    const largest = new Largest<number>(3);
    for (const n of [5, 1, 9, 3, 7, 9, 2, 8, 4, 6, 7]) largest.take(`k${n}`, n);
    largest.take('k9', 90);
    expect(largest.all()).toEqual([
      ['k9', 90],
      ['k8', 8],
      ['k7', 7],
    ]);
  });

  it('are all there are when these are few', () => {
    const largest = new Largest<string>(3);
    largest.take('a', 'one');
    expect(largest.all()).toEqual([['a', 'one']]);
  });
});
