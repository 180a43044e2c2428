import { describe, expect, it } from '@jest/globals';
import { ALL, UNDECIDED } from './bounds';
import { typePattern } from './type-pattern';

describe('a pattern of types', () => {
  it('is asked for as a name, a regular expression, or not at all', () => {
    expect(typePattern('orders.paid').may).toEqual({ term: { type: 'orders.paid' } });
    expect(typePattern('orders.*.paid-1').may).toEqual({ regexp: { type: { value: 'orders\\.[^.]*\\.paid\\-1', flags: 'NONE' } } });
    expect(typePattern('orders.>').may).toEqual({ regexp: { type: { value: 'orders\\..*', flags: 'NONE' } } });
    expect(typePattern('>').may).toBe(ALL);
    expect(typePattern('a'.repeat(300))).toBe(UNDECIDED);
  });
});
