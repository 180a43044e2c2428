import { describe, expect, it } from '@jest/globals';
import type { LoggedEvent } from '@millrace/messaging';
import type { HistoryBench } from './bench';
import { logged, WORKSPACE } from './events';

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** Storing, getting and dropping events. */
export function appendRules(bench: HistoryBench): void {
  const ids = async (workspaceId = WORKSPACE) =>
    (await bench.history().search({ workspaceId, sort: 'oldest', limit: 200 })).items.map(({ id }) => id);

  describe('an appended event', () => {
    it('comes back exactly as it was, also when opened again', async () => {
      const full: Required<LoggedEvent> = {
        ...logged(7),
        payload: new TextEncoder().encode('{ "b": 1.50, "a": "Zürich \\u0041" }'),
        version: 3,
        subject: 'order/7',
        revision: 9_007_199_254_740_991,
        key: 'k',
        causationId: 'evt_6',
        hops: 2,
        actor: { kind: 'automation', id: 'a_1', onBehalfOf: 'u_1' },
        source: { service: 'runtime', automation: 'greet', run: 'run_1', ip: '203.0.113.7' },
        target: { user: 'u_2', topic: 't' },
        keep: 'history',
        traceparent: '00-1-2-01',
        tracestate: 'a=b',
        extensions: { ce: 'x' },
        redacted: ['payload.card'],
        position: { epoch: 'e2', offset: 2n ** 62n },
      };
      expect(await bench.history().append([full])).toEqual([{ kind: 'stored' }]);
      for (const open of [() => bench.history(), () => bench.reopen()]) {
        const found = await (await open()).get(WORKSPACE, full.id);
        expect({ ...found, payload: text(found?.payload ?? new Uint8Array()) }).toEqual({ ...full, payload: text(full.payload) });
      }
    });

    it('is known by workspace and id: again, and with another content, it changes nothing', async () => {
      const first = logged(1, { note: 'first' });
      await bench.history().append([first, first]);
      const again = { ...logged(9, { note: 'second' }), id: first.id };
      expect(await bench.history().append([again, logged(2)])).toEqual([{ kind: 'stored' }, { kind: 'stored' }]);
      expect(text((await bench.history().get(WORKSPACE, first.id))?.payload ?? new Uint8Array())).toBe('{"note":"first"}');
      expect(await ids()).toEqual([first.id, 'evt_2']);
      expect((await bench.history().search({ workspaceId: WORKSPACE, text: 'second', sort: 'newest', limit: 9 })).items).toEqual([]);
    });

    it('belongs to its workspace', async () => {
      await bench.history().append([logged(1), { ...logged(1, { other: true }), workspaceId: 'ws_2' }]);
      expect(await ids()).toEqual(['evt_1']);
      expect(await ids('ws_2')).toEqual(['evt_1']);
      expect(await ids('ws_3')).toEqual([]);
      expect(await bench.history().get('ws_3', 'evt_1')).toBeUndefined();
      expect(await bench.history().get(WORKSPACE, 'evt_2')).toBeUndefined();
    });

    it('is refused with a reason when it can never be indexed, and the others are stored', async () => {
      const bytes = (json: string): Partial<LoggedEvent> => ({ payload: new TextEncoder().encode(json) });
      const results = await bench
        .history()
        .append([
          logged(1),
          logged(2, {}, bytes('{')),
          logged(3, {}, bytes('[]')),
          logged(4, {}, { payload: Uint8Array.of(255) }),
          logged(5),
        ]);
      expect(results.map(({ kind }) => kind)).toEqual(['stored', 'refused', 'refused', 'refused', 'stored']);
      expect(results[2]).toEqual({ kind: 'refused', reason: expect.stringContaining('not a JSON object') });
      expect(await ids()).toEqual(['evt_1', 'evt_5']);
    });

    it('of no event at all is fine', async () => {
      expect(await bench.history().append([])).toEqual([]);
    });

    it('takes its place by recordedAt and offset, whenever it comes', async () => {
      const recorded = (offset: number, recordedAt: number) => logged(offset, {}, { recordedAt });
      await bench.history().append([recorded(50, 9), recorded(40, 5), recorded(42, 5)]);
      await bench.history().append([recorded(41, 5), recorded(1, 9), recorded(60, 1)]);
      await bench.history().append([recorded(39, 5), recorded(43, 5), recorded(44, 7)]);
      expect(await ids()).toEqual(['evt_60', 'evt_39', 'evt_40', 'evt_41', 'evt_42', 'evt_43', 'evt_44', 'evt_1', 'evt_50']);
    });

    it('finds its place among thousands of one millisecond, added from the middle outwards', async () => {
      const order = Array.from({ length: 1_200 }, (_, i) => 5_000 + (i % 2 === 0 ? i : -i) * 3);
      for (const offset of order) await bench.history().append([logged(offset, { n: offset }, { recordedAt: 5 })]);
      const inside = Array.from({ length: 400 }, (_, i) => logged(10_000 + i, {}, { recordedAt: 5 }));
      await bench.history().append([logged(9_999, {}, { recordedAt: 5 }), logged(10_400, {}, { recordedAt: 5 })]);
      await bench.history().append(inside);
      const history = bench.history();
      const seen: bigint[] = [];
      for (let page = await history.search({ workspaceId: WORKSPACE, sort: 'oldest', limit: 200 }); ;) {
        seen.push(...page.items.map(({ position }) => position.offset));
        if (page.next === undefined) break;
        page = await history.search({ workspaceId: WORKSPACE, sort: 'oldest', limit: 200, after: page.next });
      }
      expect(seen).toHaveLength(1_602);
      expect(seen).toEqual(seen.toSorted((a, b) => Number(a - b)));
      expect((await history.search({ workspaceId: WORKSPACE, text: '5003', sort: 'newest', limit: 9 })).items).toHaveLength(0);
      expect((await history.search({ workspaceId: WORKSPACE, text: '5006', sort: 'newest', limit: 9 })).items).toHaveLength(1);
    });
  });

  describe('a drop', () => {
    it('removes what was recorded before, of one workspace, and says how much', async () => {
      const many = Array.from({ length: 450 }, (_, i) => logged(i, { word: 'gone' }));
      await bench.history().append([...many, { ...logged(0), workspaceId: 'ws_2' }]);
      expect(await bench.history().drop(WORKSPACE, 1_000_430)).toBe(430);
      expect(await bench.history().drop(WORKSPACE, 1_000_430)).toBe(0);
      expect((await ids()).slice(0, 2)).toEqual(['evt_430', 'evt_431']);
      expect(await ids('ws_2')).toEqual(['evt_0']);
      expect((await bench.history().search({ workspaceId: WORKSPACE, text: 'gone', sort: 'oldest', limit: 50 })).items).toHaveLength(20);
      expect(await bench.history().get(WORKSPACE, 'evt_3')).toBeUndefined();
    });

    it('of all time removes everything, of no time nothing', async () => {
      await bench.history().append([logged(1)]);
      expect(await bench.history().drop(WORKSPACE, -5)).toBe(0);
      expect(await bench.history().drop(WORKSPACE, Number.MAX_SAFE_INTEGER)).toBe(1);
    });
  });

  it('refuses everything after close, and closes twice', async () => {
    const history = bench.history();
    await history.close();
    await history.close();
    const asked = [
      history.append([logged(1)]),
      history.get(WORKSPACE, 'evt_1'),
      history.search({ workspaceId: WORKSPACE, sort: 'newest', limit: 1 }),
      history.aggregate({ workspaceId: WORKSPACE, by: { every: 1 } }),
      history.drop(WORKSPACE, 1),
      history.remove(WORKSPACE, []),
    ];
    for (const outcome of await Promise.allSettled(asked)) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'history.closed' } });
    }
  });
}
