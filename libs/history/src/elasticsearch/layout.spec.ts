import { describe, expect, it } from '@jest/globals';
import { Layout } from './layout';

const layout = new Layout('millrace-events');

describe('the index of an event', () => {
  it.each([
    ['2026-11-15T23:59:59.999Z', 'millrace-events-standard-2026-11-09'],
    ['2026-11-16T00:00:00.000Z', 'millrace-events-standard-2026-11-16'],
    ['2026-11-22T23:59:59.999Z', 'millrace-events-standard-2026-11-16'],
    ['1970-01-01T00:00:00.000Z', 'millrace-events-standard-1969-12-29'],
  ])('that happened at %s is %s: a week, from Monday on', (time, index) => {
    expect(layout.indexOf(Date.parse(time))).toBe(index);
  });

  it('cannot be told of what is no time', () => {
    expect(() => layout.indexOf(NaN)).toThrow('Invalid time');
  });
});
