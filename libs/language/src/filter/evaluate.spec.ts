import { describe, expect, it } from '@jest/globals';
import { matchesFilter } from './evaluate';
import { parseFilter } from './parse';

const event = {
  type: 'orders.web.paid',
  time: '2026-03-01T10:00:00.000Z',
  subject: 'order/7',
  actor: { kind: 'user', id: 'u-1' },
  source: { app: 'crm' },
  payload: { total: 100, text: '100', tags: ['new', 'big'], lines: [{ sku: 'a', count: 1 }, { sku: 'b' }], note: null },
};

describe('matchesFilter', () => {
  it('finds no order between a time and what is none', () => {
    const found = ['<', '<=', '=', '>=', '>'].filter((op) => matchesFilter(parseFilter(`time ${op} '2026-01-01'`), { time: 'soon' }));
    expect(found).toEqual([]);
  });

  it.each([
    ["type = 'orders.*.paid'", true],
    ["type = 'orders.*'", false],
    ["type in ['ads.paid', 'orders.*.paid']", true],
    ["type in ['orders.*', 'ads.>']", false],
    ["type != 'orders.>'", false],
    ["type starts with 'orders.'", true],
    ["type in ['orders.web.paid']", true],
    ['payload.total = 100', true],
    ["payload.total = '100'", false],
    ['payload.total > 99 and payload.total < 101', true],
    ['payload.text > 99', false],
    ["payload.text >= '1'", true],
    ["payload.text <= '1'", false],
    ["payload.tags = 'big'", true],
    ["payload.tags != 'big'", false],
    ["payload.lines.sku in ['b', 'z']", true],
    ['payload.lines.count >= 1', true],
    ['payload.note = null', true],
    ['payload.absent = null', true],
    ['payload.note exists', false],
    ['payload.total exists', true],
    ['payload.total.deeper exists', false],
    ["subject ends with '/7'", true],
    ["subject contains 'der'", true],
    ["payload.total contains '1'", false],
    ['payload.lines.count < 1', false],
    ['payload.total <= 100', true],
    ['payload.total >= 101', false],
    ["time >= '2026-03-01'", true],
    ["time = '2026-03-01T11:00:00+01:00'", true],
    ["time in ['2026-03-01T10:00:00Z']", true],
    ['time > 0', true],
    ["not (actor.kind = 'user' or subject exists)", false],
    ['actor.constructor exists or actor.toString exists', false],
  ])('%s is %s', (text, expected) => {
    expect(matchesFilter(parseFilter(text), event)).toBe(expected);
  });
});
