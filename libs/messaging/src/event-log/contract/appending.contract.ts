import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { NewEvent } from '../event';
import type { EventLog } from '../event-log';
import { anEvent, collect, events, idsOf } from './fixture';
import type { EventLogFixture, OpenEventLog } from './fixture';

export function appendingContract(open: OpenEventLog): void {
  describe('appending', () => {
    let fixture: EventLogFixture;
    let log: EventLog;

    beforeEach(async () => {
      fixture = await open();
      log = fixture.log;
    });

    afterEach(async () => {
      await fixture.close();
    });

    const everything = (from: EventLog): ReturnType<typeof collect> => collect(from.read('first', '*.>', { live: false }));

    it('keeps every field of an event, and says where and when it was recorded', async () => {
      const event: Required<NewEvent> = {
        ...anEvent(),
        ...{ version: 2, subject: 'order/7', revision: 3, key: 'order/7', causationId: 'req_1', hops: 1, keep: 'log' },
        ...{ actor: { kind: 'automation', id: 'a', onBehalfOf: 'u-1' }, source: { service: 'runtime', run: 'run_1' } },
        ...{ target: { user: 'u-2' }, traceparent: '00-1-2-01', tracestate: 'a=b', extensions: { cesource: 'x' }, redacted: ['/secret'] },
        payload: new TextEncoder().encode('{"price":"12 €"}'),
      };
      const [appended] = await log.append([event]);
      expect(appended).toMatchObject({ id: event.id, duplicate: false });
      expect(await everything(log)).toEqual([{ ...event, position: appended?.position, recordedAt: appended?.recordedAt }]);
    });

    it('is durable when it resolves', async () => {
      const appended = await log.append(events(3));
      expect(idsOf(await everything(await fixture.reopen()))).toEqual(idsOf(appended));
    });

    it('keeps the order of the call, and of calls made one after the other', async () => {
      const batches = [events(5), events(1), events(50)];
      const appended = (await Promise.all(batches.map((batch) => log.append(batch)))).flat();
      expect(idsOf(await everything(log))).toEqual(idsOf(batches.flat()));
      const offsets = appended.map(({ position }) => position.offset);
      expect(offsets).toEqual([...new Set(offsets)].sort((a, b) => (a < b ? -1 : 1)));
      expect(new Set(appended.map(({ position }) => position.epoch)).size).toBe(1);
    });

    it('answers an id that is there already with its old position, and keeps one event', async () => {
      const event = anEvent();
      const [first] = await log.append([event]);
      await log.append(events(3));
      const [again] = await log.append([{ ...event, type: 'orders.changed' }]);
      expect(again).toEqual({ ...first, duplicate: true });
      const stored = await everything(log);
      expect(stored).toHaveLength(4);
      expect(stored[0]?.type).toBe('orders.paid');
    });

    it('finds a duplicate in the same call, in calls at the same time, and after a restart with `since`', async () => {
      const event = anEvent();
      const [range, twice, once] = [await log.range(), log.append([event, event]), log.append([event])];
      expect([...(await twice), ...(await once)].map(({ duplicate }) => duplicate)).toEqual([false, true, true]);
      const since = { epoch: range.epoch, offset: range.last + 1n };
      const [late] = await (await fixture.reopen()).append([event], { since });
      expect(late).toEqual({ ...(await twice)[0], duplicate: true });
    });

    it('tells workspaces apart that use the same id', async () => {
      const event = anEvent();
      const [, other] = await log.append([event, { ...event, workspaceId: 'ws_2' }]);
      expect(other?.duplicate).toBe(false);
    });

    it('takes an event of 256 KiB and refuses one beyond all limits, alone', async () => {
      const payload = new TextEncoder().encode(`{"a":"${'x'.repeat(256 * 1024)}"}`);
      await log.append([anEvent({ payload })]);
      expect(Buffer.compare((await everything(log))[0]?.payload ?? new Uint8Array(), payload)).toBe(0);
      const tooLarge = log.append([anEvent(), anEvent({ payload: new Uint8Array(2 * 1024 * 1024) })]);
      const [refused, fine] = await Promise.allSettled([tooLarge, log.append([anEvent()])]);
      expect(refused).toMatchObject({ status: 'rejected', reason: { code: 'log.event_too_large', refusal: 'invalid' } });
      expect(fine.status).toBe('fulfilled');
      expect(await everything(log)).toHaveLength(2);
    });

    it('takes the payload as it was at the call', async () => {
      const payload = new TextEncoder().encode('{"a":1}');
      const appending = log.append([anEvent({ payload })]);
      payload.fill(0);
      await appending;
      expect(new TextDecoder().decode((await everything(log))[0]?.payload)).toBe('{"a":1}');
    });

    it('has nothing to do for no events', async () => {
      expect(await log.append([])).toEqual([]);
    });

    it('tells how far it reaches', async () => {
      const empty = await log.range();
      expect(empty.first).toBe(empty.last + 1n);
      const appended = await log.append(events(3));
      const range = await log.range();
      expect([range.first, range.last]).toEqual([appended[0]?.position.offset, appended[2]?.position.offset]);
      expect(range.epoch).toBe(appended[0]?.position.epoch);
      expect(range.bytes).toBeLessThan(range.capacity);
    });

    it('refuses when it is full, keeps what it has, and takes events again after a trim', async () => {
      const small = await open({ capacity: 400_000 });
      const payload = new TextEncoder().encode(`{"a":"${'x'.repeat(5_000)}"}`);
      let kept = 0;
      const fill = async (): Promise<never> => {
        for (;;) kept += (await small.log.append([anEvent({ payload })])).length;
      };
      await expect(fill()).rejects.toMatchObject({ code: 'log.full', refusal: 'exhausted' });
      const stored = await everything(small.log);
      expect(stored).toHaveLength(kept);
      expect(await small.log.trim(stored.at(-3)?.position ?? { epoch: '', offset: 0n })).toBe(kept - 3);
      await small.log.append([anEvent({ payload })]);
      expect(await everything(small.log)).toHaveLength(4);
      await small.close();
    });
  });
}
