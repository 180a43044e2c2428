import { describe, expect, it } from '@jest/globals';
import { parseFilter } from './parse';

describe('parseFilter', () => {
  it.each([
    ["type = 'orders.paid'", { op: '=', field: 'type', value: 'orders.paid' }],
    ["type = 'orders.*.paid'", { op: 'matches', field: 'type', pattern: 'orders.*.paid' }],
    [
      "type in ['orders.paid', 'ads.*', 'orders.>']",
      {
        op: 'or',
        filters: [
          { op: 'in', field: 'type', values: ['orders.paid'] },
          { op: 'matches', field: 'type', pattern: 'ads.*' },
          { op: 'matches', field: 'type', pattern: 'orders.>' },
        ],
      },
    ],
    ["type in ['ads.*']", { op: 'or', filters: [{ op: 'matches', field: 'type', pattern: 'ads.*' }] }],
    ["type in ['orders.paid']", { op: 'in', field: 'type', values: ['orders.paid'] }],
    ["type != 'orders.>'", { op: 'not', filter: { op: 'matches', field: 'type', pattern: 'orders.>' } }],
    ['payload.total >= 12.5', { op: '>=', field: 'payload.total', value: 12.5 }],
    ["time < '2026-01-01T00:00:00Z'", { op: '<', field: 'time', value: 1767225600000 }],
    ['time in [5]', { op: 'in', field: 'time', values: [5] }],
    ['payload.total=-3', { op: '=', field: 'payload.total', value: -3 }],
    ['payload.open = true', { op: '=', field: 'payload.open', value: true }],
    ['payload.note = null', { op: '=', field: 'payload.note', value: null }],
    ['source.app in ["crm", \'mail\', 3]', { op: 'in', field: 'source.app', values: ['crm', 'mail', 3] }],
    ['subject exists', { op: 'exists', field: 'subject' }],
    ["subject starts with 'offer/'", { op: 'starts with', field: 'subject', value: 'offer/' }],
    ["actor.id ENDS WITH 'x'", { op: 'ends with', field: 'actor.id', value: 'x' }],
    ["payload.text contains 'it\\'s'", { op: 'contains', field: 'payload.text', value: "it's" }],
  ])('reads %s', (text, filter) => {
    expect(parseFilter(text)).toEqual(filter);
  });

  it('binds and tighter than or, and not tightest', () => {
    expect(parseFilter('not subject exists or subject exists and time exists')).toEqual({
      op: 'or',
      filters: [
        { op: 'not', filter: { op: 'exists', field: 'subject' } },
        {
          op: 'and',
          filters: [
            { op: 'exists', field: 'subject' },
            { op: 'exists', field: 'time' },
          ],
        },
      ],
    });
  });

  it('lets parentheses group', () => {
    expect(parseFilter('(subject exists or time exists) and type exists')).toMatchObject({
      op: 'and',
      filters: [{ op: 'or' }, { op: 'exists' }],
    });
  });

  it.each([
    ['', 1],
    ['id = 1', 1],
    ['payload = 1', 1],
    ['payload..a = 1', 1],
    ["type = 'a'  type = 'b'", 13],
    ["type = 'a", 8],
    ['(subject exists', 16],
    ['subject ~ 1', 9],
    ['subject starts 1', 9],
    ['subject contains 1', 18],
    ['subject < null', 11],
    ['subject = bare', 11],
    ['subject in []', 13],
    ['subject in [1 2]', 15],
    ['subject in 1', 12],
    ["type = 'a.>.b.*'", 8],
    ['type ! 2', 6],
    ["time < 'soon'", 8],
    ['time = null', 8],
    ["time contains '2026'", 15],
  ])('refuses %s at column %d', (text, column) => {
    expect(() => parseFilter(text)).toThrow(expect.objectContaining({ code: 'language.filter_invalid', facts: { column } }));
  });

  it('refuses what is too long or too deep', () => {
    expect(() => parseFilter(`subject = '${'x'.repeat(5000)}'`)).toThrow('longer than 4096');
    expect(() => parseFilter(`${'('.repeat(65)}subject exists${')'.repeat(65)}`)).toThrow('more than 64 levels');
    expect(() => parseFilter(`${'not '.repeat(65)}subject exists`)).toThrow('more than 64 levels');
  });

  it('speaks of other fields when it is told which', () => {
    const fields = { names: new Set(['name', 'type', 'made.at']), times: new Set(['made.at']) };
    expect(parseFilter("name starts with 'a' and made.at >= '1970-01-01T00:00:01Z'", fields)).toEqual({
      op: 'and',
      filters: [
        { op: 'starts with', field: 'name', value: 'a' },
        { op: '>=', field: 'made.at', value: 1_000 },
      ],
    });
    for (const [text, column] of [
      ['subject exists', 1],
      ['made exists', 1],
      ["name = 'a' and payload.total = 1", 16],
      ["made.at = 'soon'", 11],
      ["made.at contains '1970'", 18],
    ] as const) {
      expect(() => parseFilter(text, fields)).toThrow(expect.objectContaining({ code: 'language.filter_invalid', facts: { column } }));
    }
    expect(() => parseFilter('nam = 1', fields)).toThrow('expected a field (name, type, made.at), found nam');
  });

  it('keeps variables as they are written where they may stand, whatever their values will be', () => {
    const read = (text: string) => parseFilter(text, undefined, 'variables');
    expect(read('actor.id = ${user.id}')).toEqual({ op: '=', field: 'actor.id', value: '${user.id}' });
    expect(read("subject = 'offer/${user.id}'")).toEqual({ op: '=', field: 'subject', value: 'offer/${user.id}' });
    expect(read('time < ${now}')).toEqual({ op: '<', field: 'time', value: '${now}' });
    expect(read('payload.team in ${user.groups}')).toEqual({ op: 'in', field: 'payload.team', values: ['${user.groups}'] });
    expect(read("payload.team in ['a', ${user.groups}]")).toEqual({ op: 'in', field: 'payload.team', values: ['a', '${user.groups}'] });
    expect(() => parseFilter('actor.id = ${user.id}')).toThrow(/column 12/);
    expect(() => read('actor.id = ${}')).toThrow(/column 12/);
  });
});
