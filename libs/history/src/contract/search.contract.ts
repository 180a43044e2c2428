import { describe, expect, it } from '@jest/globals';
import { parseFilter } from '@millrace/language';
import type { HistoryQuery, WideQuery } from '../history';
import type { HistoryBench } from './bench';
import { logged, WORKSPACE } from './events';

/** Filters, types, times and pages. */
export function searchRules(bench: HistoryBench): void {
  const search = (given: Partial<HistoryQuery> = {}) =>
    bench.history().search({ workspaceId: WORKSPACE, sort: 'newest', limit: 200, ...given });
  const ids = async (given: Partial<HistoryQuery>) => (await search(given)).items.map(({ id }) => id);

  describe('a search', () => {
    it('is newest or oldest first, in pages that new events never shift', async () => {
      await bench.history().append([1, 2, 3, 4, 5].map((offset) => logged(offset)));
      const first = await search({ limit: 2 });
      expect(first.items.map(({ id }) => id)).toEqual(['evt_5', 'evt_4']);
      expect(first.next).toEqual({ recordedAt: 1_000_004, offset: 4n });
      await bench.history().append([logged(6)]);
      const second = await search({ limit: 2, ...(first.next && { after: first.next }) });
      expect(second.items.map(({ id }) => id)).toEqual(['evt_3', 'evt_2']);
      const last = await search({ limit: 2, ...(second.next && { after: second.next }) });
      expect(last).toMatchObject({ items: [{ id: 'evt_1' }] });
      expect(last.next).toBeUndefined();
      expect(await ids({ sort: 'oldest', after: { recordedAt: 1_000_004, offset: 4n } })).toEqual(['evt_5', 'evt_6']);
    });

    it('says nothing of more when the page is exactly full', async () => {
      await bench.history().append([logged(1), logged(2)]);
      expect((await search({ limit: 2 })).next).toBeUndefined();
    });

    it('goes on behind a mark even when its event is gone', async () => {
      await bench.history().append([1, 2, 3].map((offset) => logged(offset * 10)));
      expect(await ids({ after: { recordedAt: 1_000_025, offset: 25n } })).toEqual(['evt_20', 'evt_10']);
      expect(await ids({ after: { recordedAt: 1_000_020, offset: 21n } })).toEqual(['evt_20', 'evt_10']);
      expect(await ids({ after: { recordedAt: 1_000_020, offset: 21n }, sort: 'oldest' })).toEqual(['evt_30']);
    });

    it('pages through offsets that do not fit a number', async () => {
      const offsets = Array.from({ length: 5 }, (_, i) => 2n ** 62n + BigInt(i));
      await bench.history().append(offsets.map((offset, i) => logged(i, {}, { position: { epoch: 'e1', offset }, recordedAt: 7 })));
      const first = await search({ limit: 2 });
      expect(first.next).toEqual({ recordedAt: 7, offset: 2n ** 62n + 3n });
      expect(await ids({ limit: 2, ...(first.next && { after: first.next }) })).toEqual(['evt_2', 'evt_1']);
      expect(await ids({ sort: 'oldest', after: { recordedAt: 7, offset: 2n ** 62n + 2n } })).toEqual(['evt_3', 'evt_4']);
    });

    it('by types takes names and patterns, any of which may fit', async () => {
      const types = ['orders.web.paid', 'orders.shop.paid', 'orders.paid', 'offers.paid'];
      await bench.history().append(types.map((type, i) => logged(i, {}, { type })));
      expect(await ids({ types: ['orders.paid'] })).toEqual(['evt_2']);
      expect(await ids({ types: ['orders.*.paid', 'offers.>'] })).toEqual(['evt_3', 'evt_1', 'evt_0']);
      expect(await ids({ types: ['>'] })).toHaveLength(4);
      expect(await ids({ types: ['users.>'] })).toEqual([]);
      expect(await ids({ types: [] })).toEqual([]);
    });

    it('by time is from inclusive to exclusive, on the time of the event, however late it was recorded', async () => {
      const late = logged(1, {}, { time: 500 });
      await bench.history().append([late, logged(2, {}, { time: 999_000 }), logged(3), logged(4, {}, { time: 9_000_000 })]);
      expect(await ids({ from: 500, to: 501 })).toEqual(['evt_1']);
      expect(await ids({ from: 501, to: 1_000_003 })).toEqual(['evt_2']);
      expect(await ids({ from: 1_000_003 })).toEqual(['evt_4', 'evt_3']);
      expect(await ids({ to: 1_000_004 })).toEqual(['evt_3', 'evt_2', 'evt_1']);
    });

    it('by filter finds in the envelope and in the payload', async () => {
      await bench
        .history()
        .append([
          logged(
            1,
            { total: 100, lines: [{ sku: 'a' }, { sku: 'b' }], deep: { er: true } },
            { subject: 'order/1', target: { user: 'u_9' } },
          ),
          logged(2, { total: '100', lines: [] }, { actor: { kind: 'key', id: 'k_1' } }),
        ]);
      const where = (text: string) => ids({ where: parseFilter(text) });
      expect(await where('payload.total = 100')).toEqual(['evt_1']);
      expect(await where("payload.total in ['100', '7']")).toEqual(['evt_2']);
      expect(await where("payload.lines.sku = 'b' and payload.deep.er = true")).toEqual(['evt_1']);
      expect(await where("actor.kind = 'key' or target.user = 'u_9'")).toEqual(['evt_2', 'evt_1']);
      expect(await where("not subject = 'order/1'")).toEqual(['evt_2']);
      expect(await where("type = 'orders.*.paid' and correlationId = 'cor_2'")).toEqual(['evt_2']);
      expect(await where("type = 'offers.>'")).toEqual([]);
      expect(await where('payload.total > 99 and payload.total exists')).toEqual(['evt_1']);
      expect(await where('subject = null')).toEqual(['evt_2']);
      expect(await where("time >= '1970-01-01T00:16:40.002Z'")).toEqual(['evt_2']);
    });

    it('finds by equality in events with very many values', async () => {
      const wide = Object.fromEntries(Array.from({ length: 400 }, (_, i) => [`k${i}`, i]));
      await bench.history().append([logged(1, wide), logged(2, { k399: 1 })]);
      expect(await ids({ where: parseFilter('payload.k399 = 399') })).toEqual(['evt_1']);
      expect(await ids({ where: parseFilter('payload.k1 = 1') })).toEqual(['evt_1']);
    });

    it('by a pattern that stands for very many types finds them all', async () => {
      await bench.history().append(Array.from({ length: 100 }, (_, i) => logged(i, {}, { type: `many.t${i}` })));
      expect(await ids({ types: ['many.*'] })).toHaveLength(100);
      expect(await ids({ where: parseFilter("type = 'many.*'") })).toHaveLength(100);
    });

    it('over workspaces finds in all of them, or in those that are named, in one order, and in no other case in another workspace', async () => {
      const said = (offset: number, workspaceId: string, type = 'orders.paid') => ({
        ...logged(offset, { n: offset, note: offset % 2 === 0 ? 'even steps' : 'odd' }, { type }),
        workspaceId,
      });
      await bench.history().append([said(1, 'ws_1'), said(2, 'ws_2'), said(3, 'ws_3', 'offers.made'), said(4, 'ws_2'), said(5, 'ws_1')]);
      const widely = async (given: Partial<WideQuery> = {}) => {
        const { items, next } = await bench.history().searchWidely({ sort: 'newest', limit: 200, ...given });
        return { found: items.map(({ workspaceId, id }) => `${workspaceId} ${id}`), next };
      };
      expect((await widely()).found).toEqual(['ws_1 evt_5', 'ws_2 evt_4', 'ws_3 evt_3', 'ws_2 evt_2', 'ws_1 evt_1']);
      expect((await widely({ workspaces: ['ws_1', 'ws_3'] })).found).toEqual(['ws_1 evt_5', 'ws_3 evt_3', 'ws_1 evt_1']);
      expect((await widely({ workspaces: [] })).found).toEqual([]);
      expect((await widely({ types: ['offers.>'] })).found).toEqual(['ws_3 evt_3']);
      expect((await widely({ text: 'steps', where: parseFilter('payload.n > 2') })).found).toEqual(['ws_2 evt_4']);
      expect((await widely({ where: parseFilter('payload.n in [1, 2]'), sort: 'oldest' })).found).toEqual(['ws_1 evt_1', 'ws_2 evt_2']);
      expect((await widely({ from: 1_000_002, to: 1_000_004 })).found).toEqual(['ws_3 evt_3', 'ws_2 evt_2']);
      const first = await widely({ limit: 2 });
      expect(first.found).toEqual(['ws_1 evt_5', 'ws_2 evt_4']);
      expect((await widely({ limit: 2, ...(first.next && { after: first.next }) })).found).toEqual(['ws_3 evt_3', 'ws_2 evt_2']);
      expect(await ids({})).toEqual(['evt_5', 'evt_1']);
    });

    it('holds 1 to 200 events', async () => {
      for (const limit of [0, 201, 1.5]) await expect(search({ limit })).rejects.toMatchObject({ code: 'history.limit_invalid' });
    });
  });
}
