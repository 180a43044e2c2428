import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { LoggedEvent } from '../event';
import type { EventLog } from '../event-log';
import { aDurable, anEvent, collect, done, events, idsOf, notes, take } from './fixture';
import type { EventLogFixture, OpenEventLog } from './fixture';

export function readingContract(open: OpenEventLog): void {
  describe('reading', () => {
    let fixture: EventLogFixture;
    let log: EventLog;

    beforeEach(async () => {
      fixture = await open();
      log = fixture.log;
    });

    afterEach(async () => {
      await fixture.close();
    });

    const typesRead = async (filter: string): Promise<readonly string[]> =>
      (await collect(log.read('first', filter, { live: false }))).map(({ workspaceId, type }) => `${workspaceId} ${type}`);

    it.each([
      ['*.>', ['ws_1 orders.paid', 'ws_1 orders.item.added', 'ws_2 orders.paid', 'ws_1 error']],
      ['ws_1.>', ['ws_1 orders.paid', 'ws_1 orders.item.added', 'ws_1 error']],
      ['*.orders.paid', ['ws_1 orders.paid', 'ws_2 orders.paid']],
      ['ws_1.orders.*', ['ws_1 orders.paid']],
      ['ws_1.orders.>', ['ws_1 orders.paid', 'ws_1 orders.item.added']],
      ['*.*', ['ws_1 error']],
      ['ws_1.*.item.*', ['ws_1 orders.item.added']],
      ['ws_3.>', []],
    ])('finds by %s', async (filter, expected) => {
      await log.append([
        anEvent({ type: 'orders.paid' }),
        anEvent({ type: 'orders.item.added' }),
        anEvent({ type: 'orders.paid', workspaceId: 'ws_2' }),
        anEvent({ type: 'error' }),
      ]);
      expect(await typesRead(filter)).toEqual(expected);
    });

    it('begins at a position, that event included, or after everything', async () => {
      const appended = await log.append(events(5));
      const third = appended[2]?.position ?? 'now';
      expect(idsOf(await collect(log.read(third, '*.>', { live: false })))).toEqual(idsOf(appended.slice(2)));
      expect(await collect(log.read('now', '*.>', { live: false }))).toEqual([]);
      const { epoch, last } = await log.range();
      expect(await collect(log.read({ epoch, offset: last + 1n }, '*.>', { live: false }))).toEqual([]);
    });

    it('ends, when not live, at what was there', async () => {
      const before = await log.append(events(2));
      const reading = log.read('first', '*.>', { live: false });
      await log.append(events(2));
      expect(idsOf(await collect(reading))).toEqual(idsOf(before));
    });

    it('begins live with what is appended after the call, not after the first step of the loop', async () => {
      await log.append(events(2));
      const reading = log.read('now', '*.>', { live: true });
      const appended = await log.append(events(2));
      expect(idsOf(await take(2, reading))).toEqual(idsOf(appended));
    });

    it('gives every event once and in order across the switch from old to live', async () => {
      const total = 3_000;
      const wanted = events(total);
      await log.append(wanted.slice(0, total / 2));
      const reading = take(total, log.read('first', '*.>', { live: true }));
      for (let next = total / 2; next < total; next += 25) await log.append(wanted.slice(next, next + 25));
      expect(idsOf(await reading)).toEqual(idsOf(wanted));
    });

    it('lets several readers go at their own pace', async () => {
      const appended = await log.append(events(600));
      const slow = log.read('first', '*.>', { live: true })[Symbol.asyncIterator]();
      const first = await slow.next();
      expect(idsOf(await take(600, log.read('first', '*.>', { live: true })))).toEqual(idsOf(appended));
      await log.append(events(600));
      const second = await slow.next();
      expect([first, second].map(({ value }) => (value as LoggedEvent).id)).toEqual(idsOf(appended.slice(0, 2)));
      await slow.return?.();
    });

    it('ends when its signal is aborted, in the middle of the log and waiting for more', async () => {
      const appended = await log.append(events(3));
      const seen = notes<string>();
      const controllers = [new AbortController(), new AbortController()] as const;
      const reading = async ({ signal, abort }: { signal: AbortSignal; abort?: () => void }): Promise<void> => {
        for await (const { id } of log.read('first', '*.>', { live: true, signal })) {
          seen.add(id);
          abort?.();
        }
      };
      await reading({ signal: controllers[0].signal, abort: () => controllers[0].abort() });
      expect(seen.all).toEqual(idsOf(appended.slice(0, 1)));
      const waiting = reading({ signal: controllers[1].signal });
      await seen.until(4);
      controllers[1].abort();
      await waiting;
      await reading({ signal: AbortSignal.abort() });
      expect(seen.all).toHaveLength(4);
    });

    it('says that the epoch changed for a position of another log, or beyond the end of this one', async () => {
      await log.append(events(1));
      const { epoch, last } = await log.range();
      const changed = { code: 'log.epoch_changed', refusal: 'conflict' };
      await expect(collect(log.read({ epoch: 'other', offset: 1n }, '*.>', { live: false }))).rejects.toMatchObject(changed);
      await expect(collect(log.read({ epoch, offset: last + 2n }, '*.>', { live: true }))).rejects.toMatchObject(changed);
    });

    it('says that a position expired when it was trimmed, also under a reader that fell behind', async () => {
      const appended = await log.append(events(1_000));
      const slow = log.read('first', '*.>', { live: true })[Symbol.asyncIterator]();
      await slow.next();
      const position = appended[998]?.position;
      if (position !== undefined) await log.trim(position);
      const drain = async (): Promise<void> => {
        while ((await slow.next()).done !== true);
      };
      const expired = { code: 'log.expired', refusal: 'not-found' };
      await expect(drain()).rejects.toMatchObject(expired);
      await expect(collect(log.read(appended[997]?.position ?? 'now', '*.>', { live: false }))).rejects.toMatchObject(expired);
      expect(idsOf(await collect(log.read('first', '*.>', { live: false })))).toEqual(idsOf(appended.slice(998)));
    });

    it('ends with `log.closed` when the log is closed', async () => {
      const reading = collect(log.read('now', '*.>', { live: true }));
      const refused = expect(reading).rejects.toMatchObject({ code: 'log.closed', refusal: 'unavailable' });
      await log.close();
      await refused;
      await expect(log.append(events(1))).rejects.toMatchObject({ code: 'log.closed' });
      await expect(log.range()).rejects.toMatchObject({ code: 'log.closed' });
      await expect(log.consume(aDurable(), async () => done)).rejects.toMatchObject({ code: 'log.closed' });
    });
  });
}
