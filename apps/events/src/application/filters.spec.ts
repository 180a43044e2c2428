import { describe, expect, it } from '@jest/globals';
import { checkTypes, readWhere } from './filters';

describe('filters of callers', () => {
  it('are read by the grammar of the language', () => {
    expect(readWhere('payload.total >= 5')).toEqual({ op: '>=', field: 'payload.total', value: 5 });
  });

  it('are refused with the place where they are wrong', () => {
    expect(() => readWhere('payload.total >> 5')).toThrow(
      expect.objectContaining({ code: 'events.filter_invalid', errors: [expect.objectContaining({ pointer: '/where' })] }),
    );
  });

  it('may name patterns of types and nothing else', () => {
    expect(() => checkTypes([])).not.toThrow();
    expect(() => checkTypes(['orders.>', '*', 'a.b'])).not.toThrow();
    expect(() => checkTypes(['orders.>', 'a..b'])).toThrow(
      expect.objectContaining({ code: 'events.filter_invalid', errors: [expect.objectContaining({ pointer: '/types/1' })] }),
    );
  });
});
