import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { History } from '@millrace/history';
import type { Principal } from '@millrace/kernel';
import type { EventLog, LoggedEvent, NewEvent, Outcome } from '@millrace/messaging';
import { Metrics } from '@millrace/observability';
import { SystemClock, SystemIds } from '@millrace/service';
import { permitted } from '../../../testing/permitted';
import { ProtobufEnvelopeJson } from '../../infrastructure/protobuf-envelope-json';
import { Deeds } from '../deeds';
import { Measures } from '../measures';
import { Readable } from '../reading/readable';
import { SearchHistory } from '../search-history';
import { ExportEvents } from './export-events';
import { horizonOf, wholeUpTo } from './horizon';

/** An empty log, and an empty history that whoever consumes the log fills. */
interface ExportBench extends AsyncDisposable {
  readonly eventLog: EventLog;
  readonly history: History;
}

const ada: Principal = { kind: 'user', id: 'ada', roles: [] };
const DURABLE = { name: 'history', filter: ['*.>'], order: 'none', parallel: 8, attempts: 'unlimited', start: 'first' } as const;

/** What holds of exports on every log with every history. */
export function exportContract(name: string, open: () => Promise<ExportBench>): void {
  describe(`an export while the history is being filled, ${name}`, () => {
    const clock = new SystemClock();
    let bench: ExportBench;
    let eventLog: EventLog;
    let history: History;

    beforeEach(async () => {
      bench = await open();
      ({ eventLog, history } = bench);
    });

    afterEach(async () => {
      await bench[Symbol.asyncDispose]();
    });

    const said = (id: string): NewEvent => ({
      ...{ id, workspaceId: 'ws_1', type: 'orders.paid', time: clock.now(), payload: new TextEncoder().encode('{}'), correlationId: 'c' },
      ...{ actor: { kind: 'user', id: 'ada' }, source: {} },
    });

    /** The orders that an export has behind a cursor, and where it ended. */
    async function exported(cursor = '') {
      const measures = new Measures(new Metrics('events'));
      const search = new SearchHistory({ history, measures });
      const deeds = new Deeds(clock, new SystemIds(clock));
      const exports = new ExportEvents({ history: search, eventLog, envelopes: new ProtobufEnvelopeJson(), deeds });
      const readable = new Readable(permitted(ada, 'read'));
      const context = { principal: ada, correlationId: 'req_1', deadline: 0 };
      const request = { workspaceId: 'ws_1', types: ['orders.>'], where: '', text: '', cursor, readable };
      const portions = await Array.fromAsync(exports.run(context, request));
      const lines = new TextDecoder().decode(Buffer.concat(portions.map((portion) => portion.lines))).split('\n');
      const ids = lines.filter((line) => line !== '').map((line) => (JSON.parse(line) as { id: string }).id);
      return { ids, cursor: portions.at(-1)?.nextCursor, complete: portions.at(-1)?.complete };
    }

    /** Resolves when the history has been given all but so many events. */
    const lacks = async (count: number): Promise<void> => {
      while ((await eventLog.durables()).find(({ name: durable }) => durable === DURABLE.name)?.lag !== count)
        await new Promise(setImmediate);
    };

    const index = async (event: LoggedEvent): Promise<Outcome> => {
      const [result] = await history.append([event]);
      return result?.kind === 'stored' ? { kind: 'done' } : { kind: 'retry', delay: 10, reason: result?.kind ?? 'Nothing was answered.' };
    };

    it('ends before an event that is on its way, and misses none when it goes on', async () => {
      const held = Promise.withResolvers<undefined>();
      await eventLog.append(['e1', 'e2', 'e3', 'e4'].map(said));
      const consumption = await eventLog.consume(DURABLE, async (event: LoggedEvent) => {
        if (event.id === 'e2') await held.promise;
        return index(event);
      });
      await lacks(1);
      const first = await exported();
      expect(first).toMatchObject({ ids: ['e1'], complete: true });
      expect((await exported(first.cursor)).ids).toEqual([]);
      held.resolve(undefined);
      await lacks(0);
      expect((await exported(first.cursor)).ids).toEqual(['e2', 'e3', 'e4']);
      await consumption.stop(1_000);
    });

    it('does not wait for one that the store never takes', async () => {
      await eventLog.append(['e1', 'e2', 'e3'].map(said));
      const consumption = await eventLog.consume(DURABLE, async (event: LoggedEvent) => {
        if (event.id === 'e2') return { kind: 'dead', reason: 'It is no JSON.' };
        return index(event);
      });
      await lacks(0);
      expect((await exported()).ids).toEqual(['e1', 'e3']);
      await consumption.stop(1_000);
    });

    it('has nothing of a log from which nothing was taken, and all of a log before this one', async () => {
      await eventLog.append([said('e1')]);
      const horizon = await horizonOf(eventLog);
      expect(horizon.offset).toBe((await eventLog.range()).first);
      const [event] = await Array.fromAsync(eventLog.read('first', '*.>', { live: false }));
      if (event === undefined) throw new Error('There is none.');
      expect(wholeUpTo([event], horizon)).toBe(0);
      expect(wholeUpTo([{ ...event, position: { epoch: 'before', offset: 9n } }], horizon)).toBe(1);
    });
  });
}
