import { describe, expect, it } from '@jest/globals';
import { LogNames } from '../server/log-names';
import { filtersOf } from './consumers';

describe('the filters of a consumer', () => {
  const names = new LogNames();

  it('are the patterns of the durable', () => {
    expect(filtersOf(names, ['ws_1.>', 'ws_2.orders.*'], 7)).toEqual(['event.7.ws_1.>', 'event.7.ws_2.orders.*']);
    expect(filtersOf(names, ['*.orders.paid', '*.orders'], '*')).toEqual(['event.*.*.orders.paid', 'event.*.*.orders']);
  });

  it.each([[['*.orders.>', 'ws_2.>']], [['ws_1.a', 'ws_1.*']], [['ws_1.a.>', '*.*.b']]])('are everything when %j overlap', (patterns) => {
    expect(filtersOf(names, patterns, '*')).toEqual(['event.*.*.>']);
  });
});
