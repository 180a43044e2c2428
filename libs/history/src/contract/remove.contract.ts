import { describe, expect, it } from '@jest/globals';
import { parseFilter } from '@millrace/language';
import type { History, HistoryQuery } from '../history';
import type { HistoryBench } from './bench';
import { logged, WORKSPACE } from './events';

const WEEK = 7 * 86_400_000;

/** Removing single events. */
export function removeRules(bench: HistoryBench): void {
  const ids = async (given: Partial<HistoryQuery> = {}) =>
    (await bench.history().search({ workspaceId: WORKSPACE, sort: 'oldest', limit: 200, ...given })).items.map(({ id }) => id);
  const counts = (history: History) => history.aggregate({ workspaceId: WORKSPACE, by: { field: 'payload.n', limit: 9 } });

  it('names the workspaces that have events', async () => {
    expect(await bench.history().workspaces()).toEqual([]);
    await bench.history().append([
      { ...logged(1), workspaceId: 'ws_b' },
      { ...logged(2), workspaceId: 'ws_a' },
      { ...logged(3), workspaceId: 'ws_a' },
    ]);
    expect(await bench.history().workspaces()).toEqual(['ws_a', 'ws_b']);
    await bench.history().remove('ws_b', ['evt_1']);
    expect(await bench.history().workspaces()).toEqual(['ws_a']);
  });

  describe('a removed event', () => {
    it('is found by nothing, also when opened again, and the others stay', async () => {
      await bench.history().append([1, 2, 3].map((n) => logged(n, { n, word: 'here' })));
      expect(await bench.history().remove(WORKSPACE, ['evt_2'])).toBe(1);
      for (const open of [() => bench.history(), () => bench.reopen()]) {
        const history = await open();
        expect(await history.get(WORKSPACE, 'evt_2')).toBeUndefined();
        expect((await history.get(WORKSPACE, 'evt_3'))?.id).toBe('evt_3');
        for (const given of [{}, { text: 'here' }, { where: parseFilter('payload.n > 0') }, { types: ['orders.>'] }]) {
          expect(await ids(given)).toEqual(['evt_1', 'evt_3']);
        }
        expect(await ids({ where: parseFilter('payload.n = 2') })).toEqual([]);
        expect(await counts(history)).toEqual([1, 3].map((value) => ({ value, count: 1 })));
      }
    });

    it('is known by its id alone, whenever it happened, in its workspace', async () => {
      const events = [0, 1, 5].map((week) => logged(week, {}, { time: 1_000_000 + week * WEEK }));
      await bench.history().append([...events, { ...logged(1), workspaceId: 'ws_2' }]);
      expect(await bench.history().remove(WORKSPACE, ['evt_1', 'evt_5'])).toBe(2);
      expect(await ids()).toEqual(['evt_0']);
      expect(await ids({ workspaceId: 'ws_2' })).toEqual(['evt_1']);
    });

    it('may be unknown, gone already or named twice', async () => {
      await bench.history().append([logged(1), logged(2)]);
      expect(await bench.history().remove(WORKSPACE, [])).toBe(0);
      expect(await bench.history().remove(WORKSPACE, ['evt_9', '', '*'])).toBe(0);
      expect(await bench.history().remove(WORKSPACE, ['evt_1', 'evt_1', 'evt_9'])).toBe(1);
      expect(await bench.history().remove(WORKSPACE, ['evt_1'])).toBe(0);
      expect(await ids()).toEqual(['evt_2']);
    });

    it('is back when it is appended again', async () => {
      await bench.history().append([logged(1), logged(2, { word: 'here' }), logged(3)]);
      await bench.history().remove(WORKSPACE, ['evt_2']);
      expect(await bench.history().append([logged(2, { word: 'again' })])).toEqual([{ kind: 'stored' }]);
      expect(await ids()).toEqual(['evt_1', 'evt_2', 'evt_3']);
      expect(await ids({ text: 'again' })).toEqual(['evt_2']);
      expect(await ids({ text: 'here' })).toEqual([]);
    });

    it('may be one of very many', async () => {
      const many = Array.from({ length: 1_450 }, (_, i) => logged(i, { word: 'gone' }));
      await bench.history().append(many);
      const gone = many.slice(20).map(({ id }) => id);
      expect(await bench.history().remove(WORKSPACE, gone)).toBe(1_430);
      expect(await ids({ text: 'gone' })).toHaveLength(20);
    });
  });
}
