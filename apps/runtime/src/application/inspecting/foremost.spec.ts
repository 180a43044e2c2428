import { describe, expect, it } from '@jest/globals';
import { Foremost } from './foremost';

describe('what comes first of many', () => {
  it.each([
    ['descending', ['k9', 'k8', 'k7']],
    ['ascending', ['k1', 'k2', 'k3']],
  ] as const)('is found in %s order whichever came when, each once, as it came last', (order, keys) => {
    const foremost = new Foremost<number>(3, order);
    for (const n of [5, 1, 9, 3, 7, 9, 2, 8, 4, 6, 7, 1]) foremost.take(`k${n}`, n);
    for (const key of keys) foremost.take(key, Number(key.slice(1)) * 10);
    expect(foremost.all()).toEqual(keys.map((key) => [key, Number(key.slice(1)) * 10]));
  });

  it('is all there is when that is little', () => {
    const foremost = new Foremost<string>(3, 'descending');
    foremost.take('a', 'one');
    expect(foremost.all()).toEqual([['a', 'one']]);
  });
});
