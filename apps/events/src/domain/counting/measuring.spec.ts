import { describe, expect, it } from '@jest/globals';
import { measure, OPERATIONS, type Counted } from './measuring';

const values: readonly Counted[] = [
  { value: 10, count: 98 },
  { value: 1_000, count: 1 },
  { value: 'ten', count: 5 },
  { value: -4, count: 1 },
  { value: true, count: 2 },
  { value: null, count: 7 },
];

describe('measuring by counts', () => {
  it('is of numbers alone, but for what is distinct', () => {
    expect(measure('sum', values)).toEqual({ value: 1_976 });
    expect(measure('avg', values)).toEqual({ value: 19.76 });
    expect(measure('min', values)).toEqual({ value: -4 });
    expect(measure('max', values)).toEqual({ value: 1_000 });
    expect(measure('distinct', values)).toEqual({ value: 5 });
  });

  it('finds percentiles as they are', () => {
    expect(measure('percentiles', values).percentiles).toEqual([
      { percent: 50, value: 10 },
      { percent: 90, value: 10 },
      { percent: 95, value: 10 },
      { percent: 99, value: 10 },
    ]);
    expect(
      measure(
        'percentiles',
        [1, 2, 3, 4].map((value) => ({ value, count: 1 })),
      ).percentiles?.map(({ value }) => value),
    ).toEqual([2, 4, 4, 4]);
  });

  it('says nothing where there is no number', () => {
    expect(OPERATIONS.map((op) => measure(op, [{ value: 'x', count: 1 }]))).toEqual([
      { value: 0 },
      {},
      {},
      {},
      { percentiles: [] },
      { value: 1 },
    ]);
  });
});
