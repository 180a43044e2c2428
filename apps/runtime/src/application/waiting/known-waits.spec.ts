import { describe, expect, it } from '@jest/globals';
import { KnownWaits } from './known-waits';
import type { WaitRecord } from './wait-index';

describe('the waits of a workspace', () => {
  const waits = new KnownWaits();
  const put = (key: string, ...events: readonly string[]): void =>
    waits.put(key, { run: key, request: { oneOf: events.map((event) => ({ event })) } } as unknown as WaitRecord);
  const naming = (type: string): readonly string[] => Array.from(waits.naming(type), ({ run }) => run).sort();

  it('are found by the names and patterns of events, each once', () => {
    put('exact', 'orders.paid');
    put('star', 'orders.*');
    put('all', '>');
    put('many', 'orders.paid', 'orders.*', 'orders.lost');
    put('other', 'people.left');
    expect(naming('orders.paid')).toEqual(['all', 'exact', 'many', 'star']);
    expect(naming('orders.lost')).toEqual(['all', 'many', 'star']);
    expect(naming('people.came')).toEqual(['all']);
  });

  it('are as they were put last, and gone when they are over', () => {
    put('exact', 'people.left');
    expect(naming('people.left')).toEqual(['all', 'exact', 'other']);
    for (const key of ['all', 'many', 'star', 'star']) waits.delete(key);
    expect(naming('orders.paid')).toEqual([]);
    expect(waits.isEmpty).toBe(false);
    for (const key of ['exact', 'other']) waits.delete(key);
    expect([naming('people.left'), waits.isEmpty]).toEqual([[], true]);
  });
});
