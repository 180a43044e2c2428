import { describe, expect, it } from '@jest/globals';
import { parseFilter } from '@millrace/language';
import type { AggregateQuery } from '../history';
import type { HistoryBench } from './bench';
import { logged, WORKSPACE } from './events';

/** Counts by value and by time. */
export function aggregateRules(bench: HistoryBench): void {
  const count = (given: Partial<AggregateQuery> & Pick<AggregateQuery, 'by'>) =>
    bench.history().aggregate({ workspaceId: WORKSPACE, ...given });

  describe('an aggregation', () => {
    it('counts types, most first, equal ones by name, up to a limit', async () => {
      const types = ['b.x', 'a.x', 'c.x', 'c.x', 'd.x', 'd.x', 'd.x'];
      await bench.history().append([...types.map((type, i) => logged(i, {}, { type })), { ...logged(0), workspaceId: 'ws_2' }]);
      expect(await count({ by: { field: 'type', limit: 3 } })).toEqual([
        { value: 'd.x', count: 3 },
        { value: 'c.x', count: 2 },
        { value: 'a.x', count: 1 },
      ]);
      expect(await count({ by: { field: 'type', limit: 9 }, types: ['a.>', 'd.x'], from: 1_000_005 })).toEqual([
        { value: 'd.x', count: 2 },
      ]);
    });

    it('counts the values of a field, each kind for itself, lists by their items, null for what is absent', async () => {
      await bench
        .history()
        .append([
          logged(1, { v: 1 }),
          logged(2, { v: '1' }),
          logged(3, { v: [1, true, 1, [1]] }),
          logged(4, {}),
          logged(5, { v: null }),
          logged(6, { v: { deep: 1 } }),
          logged(7, { v: [] }),
        ]);
      const buckets = await count({ by: { field: 'payload.v', limit: 9 } });
      expect(buckets).toEqual(
        [
          { value: 1, count: 2 },
          { value: null, count: 2 },
          { value: '1', count: 1 },
          { value: true, count: 1 },
        ].sort((a, b) => b.count - a.count || (JSON.stringify(a.value) < JSON.stringify(b.value) ? -1 : 1)),
      );
      for (const { value, count: expected } of buckets) {
        const where = { op: '=', field: 'payload.v', value } as const;
        const { items } = await bench.history().search({ workspaceId: WORKSPACE, where, sort: 'oldest', limit: 200 });
        expect([value, items.length]).toEqual([value, expected]);
      }
    });

    it('counts by spans of time, earliest first', async () => {
      const times = [-1, 0, 59_999, 60_000, 61_000, 300_000];
      await bench.history().append(times.map((time, i) => logged(i, { odd: i % 2 === 1 }, { time })));
      expect(await count({ by: { every: 60_000 } })).toEqual([
        { value: -60_000, count: 1 },
        { value: 0, count: 2 },
        { value: 60_000, count: 2 },
        { value: 300_000, count: 1 },
      ]);
      expect(await count({ by: { every: 60_000 }, where: parseFilter('payload.odd = true'), from: 1 })).toEqual([
        { value: 60_000, count: 1 },
        { value: 300_000, count: 1 },
      ]);
    });

    it('counts only what fits the filter, also by type', async () => {
      await bench.history().append([logged(1, { n: 1 }), logged(2, { n: 2 }), logged(3, { n: 3 }, { type: 'a.b' })]);
      expect(await count({ by: { field: 'type', limit: 5 }, where: parseFilter('payload.n > 1') })).toEqual([
        { value: 'a.b', count: 1 },
        { value: 'orders.web.paid', count: 1 },
      ]);
    });

    it('gives up when it is told to', async () => {
      await bench.history().append([logged(1), logged(2)]);
      const signal = AbortSignal.abort(new Error('Enough.'));
      for (const by of [{ every: 1 }, { field: 'type', limit: 5 }, { field: 'payload.n', limit: 5 }]) {
        await expect(count({ by, signal })).rejects.toThrow('Enough.');
      }
    });

    it('of nothing is empty', async () => {
      expect(await count({ by: { every: 1 } })).toEqual([]);
    });
  });
}
