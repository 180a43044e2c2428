import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Durable, EventLog } from '../event-log';
import { aDurable, anEvent, done, events, gate, idsOf, notes, settled } from './fixture';
import type { EventLogFixture, OpenEventLog } from './fixture';

export function consumingContract(open: OpenEventLog): void {
  describe('consuming', () => {
    let fixture: EventLogFixture;
    let log: EventLog;

    beforeEach(async () => {
      fixture = await open();
      log = fixture.log;
    });

    afterEach(async () => {
      await fixture.close();
    });

    /** Consumes until `count` events came, then stops; answers their ids. */
    const drain = async (from: EventLog, durable: Durable, count: number): Promise<readonly string[]> => {
      const seen = notes<string>();
      const consumption = await from.consume(durable, async ({ id }) => {
        seen.add(id);
        return done;
      });
      await seen.until(count);
      await settled(from);
      await consumption.stop(1_000);
      return seen.all;
    };

    it('delivers each matching event, old and new, with attempt 1', async () => {
      const wanted = events(700, (n) => ({ key: `k${n % 7}` }));
      const seen = notes<string>();
      const attempts = new Set<number>();
      await log.append(wanted.slice(0, 600));
      await log.consume(aDurable({ filter: ['*.orders.>', 'ws_2.>'] }), async ({ id }, { attempt }) => {
        attempts.add(attempt);
        seen.add(id);
        return done;
      });
      const other = anEvent({ type: 'other', workspaceId: 'ws_2' });
      await log.append([...wanted.slice(600), anEvent({ type: 'other' }), other]);
      await seen.until(701);
      await settled(log);
      expect([...seen.all].sort()).toEqual([...idsOf(wanted), other.id].sort());
      expect([...attempts]).toEqual([1]);
    });

    it('hands over the whole event with its position', async () => {
      const seen = notes<unknown>();
      const event = anEvent({ key: 'k', subject: 's' });
      const [appended] = await log.append([event]);
      await log.consume(aDurable(), async (delivered) => {
        seen.add(delivered);
        return done;
      });
      expect(await seen.until(1)).toEqual([{ ...event, position: appended?.position, recordedAt: appended?.recordedAt }]);
    });

    it('begins a durable that never ran where it says', async () => {
      const old = await log.append(events(3, () => ({ key: 'k' })));
      expect(await drain(log, aDurable({ name: 'all', start: 'first' }), 3)).toEqual(idsOf(old));
      expect(await drain(log, aDurable({ name: 'from', start: old[1]?.position ?? 'now' }), 2)).toEqual(idsOf(old.slice(1)));
      expect(await drain(log, aDurable({ name: 'new', start: 'now' }), 0)).toEqual([]);
      const elsewhere = aDurable({ name: 'x', start: { epoch: 'other', offset: 1n } });
      await expect(log.consume(elsewhere, async () => done)).rejects.toMatchObject({ code: 'log.epoch_changed' });
    });

    it('goes on where it stopped in order, without a repeat, also after a restart', async () => {
      const durable = aDurable({ start: 'now' });
      expect(await drain(log, durable, 0)).toEqual([]);
      const first = await log.append(events(300, (n) => ({ key: `k${n % 3}` })));
      expect(await drain(log, durable, 300)).toHaveLength(300);
      const second = await log.append(events(5, () => ({ key: 'k' })));
      const reopened = await fixture.reopen();
      expect(await drain(reopened, durable, 5)).toEqual(idsOf(second));
      expect(first).toHaveLength(300);
    });

    it('keeps the order of a key, never has two of it at once, and has other keys at once', async () => {
      const wanted = events(300, (n) => ({ key: `k${n % 10}`, workspaceId: `ws_${1 + (n % 2)}` }));
      const order = new Map<string, string[]>();
      const busy = new Set<string>();
      let [most, collisions] = [0, 0];
      const seen = notes<string>();
      await log.append(wanted);
      await log.consume(aDurable({ parallel: 8 }), async ({ id, key, workspaceId }) => {
        const name = `${workspaceId} ${key}`;
        if (busy.has(name)) collisions += 1;
        busy.add(name);
        most = Math.max(most, busy.size);
        await log.append([anEvent({ workspaceId: 'ws_3' })]);
        busy.delete(name);
        order.set(name, [...(order.get(name) ?? []), id]);
        seen.add(id);
        return done;
      });
      await seen.until(300);
      expect([most, collisions]).toEqual([8, 0]);
      for (const [name, ids] of order) {
        expect(ids).toEqual(idsOf(wanted.filter(({ key, workspaceId }) => `${workspaceId} ${key}` === name)));
      }
    });

    it('does not order events without a key, nor any when the durable wants no order', async () => {
      const hold = gate();
      for (const durable of [aDurable({ name: 'a' }), aDurable({ name: 'b', filter: ['ws_2.>'], order: 'none' })]) {
        const seen = notes<string>();
        await log.consume(durable, async ({ id }) => {
          seen.add(id);
          await hold.opened;
          return done;
        });
        const wanted = durable.name === 'a' ? events(5) : events(5, () => ({ workspaceId: 'ws_2', key: 'same' }));
        await log.append(wanted);
        expect(new Set(await seen.until(5))).toEqual(new Set(idsOf(wanted)));
      }
      hold.open();
    });

    it('has no more in hand than the durable says', async () => {
      const [hold, seen] = [gate(), notes<string>()];
      await log.append(events(10, () => ({ workspaceId: 'ws_2' })));
      await log.consume(aDurable({ parallel: 3, filter: ['ws_2.>'] }), async ({ id }) => {
        seen.add(id);
        await hold.opened;
        return done;
      });
      await seen.until(3);
      await settled(log);
      expect(seen.all).toHaveLength(3);
      hold.open();
      await seen.until(10);
    });

    it('shares the events of a durable between its consumptions, one key in one hand at a time', async () => {
      const seen = notes<string>();
      const counts = [0, 0];
      const busy = new Set<string | undefined>();
      let collisions = 0;
      const member = (index: 0 | 1) => async (event: { readonly id: string; readonly key?: string }) => {
        if (busy.has(event.key)) collisions += 1;
        busy.add(event.key);
        await log.append([anEvent({ workspaceId: 'ws_3' })]);
        busy.delete(event.key);
        counts[index] = (counts[index] ?? 0) + 1;
        seen.add(event.id);
        return done;
      };
      await log.consume(aDurable({ parallel: 4 }), member(0));
      const second = await log.consume(aDurable({ parallel: 4 }), member(1));
      const wanted = await log.append(events(200, (n) => ({ key: `k${n % 20}` })));
      expect([...(await seen.until(200))].sort()).toEqual([...idsOf(wanted)].sort());
      expect(Math.min(...counts)).toBeGreaterThan(20);
      await second.stop(1_000);
      await log.append(events(20, (n) => ({ key: `k${n}` })));
      await seen.until(220);
      expect(collisions).toBe(0);
    });

    it('does not let one durable wait for another', async () => {
      const [hold, fast] = [gate(), notes<string>()];
      await log.consume(aDurable({ name: 'stuck', parallel: 1 }), async () => {
        await hold.opened;
        return done;
      });
      await log.consume(aDurable({ name: 'fast' }), async ({ id }) => {
        fast.add(id);
        return done;
      });
      const wanted = await log.append(events(1_000));
      expect([...(await fast.until(1_000))].sort()).toEqual([...idsOf(wanted)].sort());
      hold.open();
    });

    it('waits for what is in hand when it stops, and takes nothing new', async () => {
      const [begun, hold, seen] = [gate(), gate(), notes<string>()];
      const durable = aDurable({ parallel: 1 });
      const consumption = await log.consume(durable, async ({ id }) => {
        begun.open();
        await hold.opened;
        seen.add(id);
        return done;
      });
      const [first, second] = await log.append(events(2, () => ({ key: 'k' })));
      await begun.opened;
      const stopping = consumption.stop(60_000).then(() => seen.all.length);
      hold.open();
      expect(await stopping).toBe(1);
      expect(seen.all).toEqual([first?.id]);
      expect(await drain(log, aDurable(), 1)).toEqual([second?.id]);
    });

    it('tells handlers when the grace is over, and delivers again what they had', async () => {
      const [begun, gone] = [gate(), gate()];
      const consumption = await log.consume(aDurable(), async (_, { signal }) => {
        begun.open();
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        gone.open();
        return done;
      });
      const [event] = await log.append(events(1));
      await begun.opened;
      await consumption.stop(10);
      await gone.opened;
      const again = notes<unknown>();
      await log.consume(aDurable(), async ({ id }, { attempt }) => {
        again.add([id, attempt]);
        return done;
      });
      expect(await again.until(1)).toEqual([[event?.id, 1]]);
    });
  });
}
