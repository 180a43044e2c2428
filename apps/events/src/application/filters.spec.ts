import { describe, expect, it } from '@jest/globals';
import { checkTypes, readSearch, readWhere } from './filters';

describe('filters of callers', () => {
  it('are read by the grammar of the language', () => {
    expect(readWhere('payload.total >= 5')).toEqual({ op: '>=', field: 'payload.total', value: 5 });
  });

  it('are refused with the place where they are wrong', () => {
    expect(() => readWhere('payload.total >> 5')).toThrow(
      expect.objectContaining({ code: 'events.filter_invalid', errors: [expect.objectContaining({ pointer: '/where' })] }),
    );
  });

  it('have as many conditions as can be asked of each event', () => {
    const terms = (count: number) => Array.from({ length: count }, (_, index) => `payload.n = ${index}`).join(' or ');
    expect(readWhere(`not (${terms(63)}) and payload.n in [1, 2, 3]`)).toMatchObject({ op: 'and' });
    expect(() => readWhere(terms(65))).toThrow(
      expect.objectContaining({ code: 'events.filter_invalid', message: expect.stringContaining('65 conditions, 64 are allowed') }),
    );
  });

  it('have a short form, which is refused as the long one is', () => {
    expect(readSearch('total:"5" refused')).toEqual({ where: { op: '=', field: 'payload.total', value: '5' }, text: 'refused' });
    expect(() => readSearch('time:soon')).toThrow(
      expect.objectContaining({ code: 'events.filter_invalid', errors: [expect.objectContaining({ pointer: '/q' })] }),
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
