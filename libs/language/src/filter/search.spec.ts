import { describe, expect, it } from '@jest/globals';
import { matchesFilter } from './evaluate';
import { parseSearch } from './search';

describe('parseSearch', () => {
  it('reads fields, negated fields and free words', () => {
    expect(parseSearch('type:ads.* payload.offer:o-1 -state:ok free "two words"')).toEqual({
      where: {
        op: 'and',
        filters: [
          { op: 'matches', field: 'type', pattern: 'ads.*' },
          { op: '=', field: 'payload.offer', value: 'o-1' },
          { op: 'not', filter: { op: '=', field: 'payload.state', value: 'ok' } },
        ],
      },
      text: 'free "two words"',
    });
  });

  it.each([
    ['type:orders.paid', { op: '=', field: 'type', value: 'orders.paid' }],
    ['type:ord*', { op: 'starts with', field: 'type', value: 'ord' }],
    ['state:*', { op: 'exists', field: 'payload.state' }],
    ['type:*', { op: 'matches', field: 'type', pattern: '*' }],
    ['user:u-1', { op: '=', field: 'actor.id', value: 'u-1' }],
    ['source.app:crm', { op: '=', field: 'source.app', value: 'crm' }],
    ['name:Ada*', { op: 'starts with', field: 'payload.name', value: 'Ada' }],
    ['name:"Ada\'s *"', { op: '=', field: 'payload.name', value: "Ada's *" }],
    [
      'total:-1.5',
      {
        op: 'or',
        filters: [
          { op: '=', field: 'payload.total', value: -1.5 },
          { op: '=', field: 'payload.total', value: '-1.5' },
        ],
      },
    ],
    ['time:2026', { op: '=', field: 'time', value: 1767225600000 }],
    ['time:2026-01-01', { op: '=', field: 'time', value: 1767225600000 }],
    [
      'open:true',
      {
        op: 'or',
        filters: [
          { op: '=', field: 'payload.open', value: true },
          { op: '=', field: 'payload.open', value: 'true' },
        ],
      },
    ],
  ])('reads %s', (source, where) => {
    expect(parseSearch(source)).toEqual({ where });
  });

  it('finds numbers whether they are written as such or as text', () => {
    const { where } = parseSearch('total:12');
    expect(
      [{ total: 12 }, { total: '12' }, { total: 13 }].map((payload) => where !== undefined && matchesFilter(where, { payload })),
    ).toEqual([true, true, false]);
  });

  it('is empty for nothing', () => {
    expect(parseSearch('  ')).toEqual({});
  });

  it('refuses more terms than a filter may have', () => {
    const terms = (count: number): string => Array.from({ length: count }, (_, index) => `f${index}:x`).join(' ');
    expect(parseSearch(`${terms(64)} and many words`)).toMatchObject({ text: 'and many words' });
    expect(() => parseSearch(terms(65))).toThrow(expect.objectContaining({ code: 'language.filter_invalid', facts: { column: 375 } }));
  });

  it('refuses a time that is none', () => {
    expect(() => parseSearch('time:soon')).toThrow(expect.objectContaining({ code: 'language.filter_invalid' }));
  });
});
