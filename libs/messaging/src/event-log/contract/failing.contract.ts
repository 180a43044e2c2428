import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DomainError } from '@millrace/kernel';
import type { EventLog, Outcome } from '../event-log';
import { aDurable, anEvent, done, events, idsOf, notes, settled } from './fixture';
import type { EventLogFixture, OpenEventLog } from './fixture';

export function failingContract(open: OpenEventLog): void {
  describe('failing', () => {
    let fixture: EventLogFixture;
    let log: EventLog;

    beforeEach(async () => {
      fixture = await open();
      log = fixture.log;
    });

    afterEach(async () => {
      await fixture.close();
    });

    /** Resolves when the durable has so many dead letters. */
    const letters = async (from: EventLog, durable: string, count: number): ReturnType<ReturnType<EventLog['dead']>['list']> => {
      for (;;) {
        const list = await from.dead(durable).list(100);
        if (list.length === count) return list;
        await settled(from);
      }
    };
    const retry = (reason: string, delay = 1): Outcome => ({ kind: 'retry', delay, reason });

    it('delivers again what asked for it or threw, counting the attempts', async () => {
      const seen = notes<string>();
      await log.consume(aDurable(), async ({ subject }, { attempt }) => {
        seen.add(`${subject} ${attempt}`);
        if (attempt === 1 && subject === 'throws') throw new Error('broken');
        return attempt === 1 ? retry('not yet') : done;
      });
      await log.append([anEvent({ subject: 'throws' }), anEvent({ subject: 'asks' })]);
      expect([...(await seen.until(4))].sort()).toEqual(['asks 1', 'asks 2', 'throws 1', 'throws 2']);
      expect(await log.dead('d').list(10)).toEqual([]);
    });

    it('lets a key wait for its failing event, and other keys go on', async () => {
      const seen = notes<string>();
      const wanted = events(60, (n) => ({ key: n % 3 === 0 ? 'bad' : `good-${n % 3}`, subject: `${n}` }));
      const others = notes<string>();
      await log.consume(aDurable({ attempts: 'unlimited' }), async ({ id, key, subject }) => {
        if (subject === '0' && others.all.length < 40) return retry('waits for the others');
        (key === 'bad' ? seen : others).add(id);
        return done;
      });
      await log.append(wanted);
      expect(await seen.until(20)).toEqual(idsOf(wanted.filter(({ key }) => key === 'bad')));
      expect(others.all).toHaveLength(40);
    });

    it('remembers attempts and waiting events over a restart, and keeps the order of the key', async () => {
      const durable = aDurable({ attempts: 3 });
      const [failed, seen] = [notes<number>(), notes<string>()];
      const consumption = await log.consume(durable, async (_, { attempt }) => {
        failed.add(attempt);
        return retry('down', attempt === 1 ? 1 : 50);
      });
      const wanted = await log.append(events(3, () => ({ key: 'k' })));
      await failed.until(2);
      await consumption.stop(1_000);
      const attempts: number[] = [];
      await (
        await fixture.reopen()
      ).consume(durable, async ({ id }, { attempt }) => {
        attempts.push(attempt);
        seen.add(id);
        return done;
      });
      expect(await seen.until(3)).toEqual(idsOf(wanted));
      expect(attempts).toEqual([3, 1, 1]);
    });

    it('buries an event after its last attempt, with the reason and the count, and lets its key go on', async () => {
      const seen = notes<string>();
      await log.consume(aDurable({ attempts: 3 }), async ({ id, subject }, { attempt }) => {
        if (subject === 'poison') throw new Error(`broken for the ${attempt}. time`);
        seen.add(id);
        return done;
      });
      const [poison, next] = await log.append([anEvent({ key: 'k', subject: 'poison' }), anEvent({ key: 'k' })]);
      expect(await seen.until(1)).toEqual([next?.id]);
      const [letter] = await letters(log, 'd', 1);
      expect(letter).toMatchObject({
        durable: 'd',
        reason: 'broken for the 3. time',
        attempts: 3,
        event: { id: poison?.id, position: poison?.position },
      });
      expect(letter?.lastFailedAt).toBeGreaterThanOrEqual(letter?.firstFailedAt ?? Infinity);
      expect(await log.dead('other').list(10)).toEqual([]);
    });

    it('does not blame an event for what is away, however often, and lets its key wait', async () => {
      const [tries, seen] = [notes<string>(), notes<string>()];
      await log.consume(aDurable({ attempts: 1 }), async ({ id, subject }, { attempt, isAgain = false }) => {
        if (subject === 'needs it' && tries.all.length < 3) {
          tries.add(`${attempt} ${isAgain}`);
          throw new Error('put down', { cause: new DomainError('kv.unavailable', 'unavailable', 'It is away.') });
        }
        seen.add(id);
        return done;
      });
      const wanted = await log.append([anEvent({ key: 'k', subject: 'needs it' }), anEvent({ key: 'k' })]);
      expect(await seen.until(2)).toEqual(idsOf(wanted));
      expect(tries.all).toEqual(['1 false', '1 true', '1 true']);
      expect(await log.dead('d').list(10)).toEqual([]);
    });

    it('blames an event in the end for what is away for good', async () => {
      let [tries, others] = [0, 0];
      await log.consume(aDurable({ attempts: 2 }), async ({ subject }) => {
        if (subject !== 'needs it') others += 1;
        else tries += 1;
        if (subject === 'needs it') throw new DomainError('secrets.unreadable', 'unavailable', 'It is away.');
        return done;
      });
      await log.append([anEvent({ key: 'k', subject: 'needs it' }), anEvent({ key: 'k' })]);
      const [letter] = await letters(log, 'd', 1);
      expect([tries, letter?.attempts, letter?.reason]).toEqual([902, 2, expect.stringContaining('It is away.')]);
      await settled(log);
      expect(others).toBe(1);
    }, 60_000);

    it('buries at once what the handler calls dead', async () => {
      await log.consume(aDurable(), async () => ({ kind: 'dead', reason: 'makes no sense' }));
      await log.append(events(1));
      expect((await letters(log, 'd', 1))[0]).toMatchObject({ reason: 'makes no sense', attempts: 1 });
    });

    it('never buries what may be tried without limit', async () => {
      const seen = notes<number>();
      await log.consume(aDurable({ attempts: 'unlimited' }), async (_, { attempt }) => {
        seen.add(attempt);
        if (attempt < 12) throw new Error('down');
        return done;
      });
      await log.append(events(1));
      expect(await seen.until(12)).toEqual(Array.from({ length: 12 }, (_, index) => index + 1));
      expect(await log.dead('d').list(10)).toEqual([]);
    });

    it('lists dead letters oldest first, in pages, and gives and discards one', async () => {
      await log.consume(aDurable({ order: 'none', parallel: 1 }), async () => ({ kind: 'dead', reason: 'no' }));
      const appended = await log.append(events(5));
      const all = await letters(log, 'd', 5);
      const dead = log.dead('d');
      expect(all.map(({ event }) => event.id)).toEqual(idsOf(appended));
      expect(idsOf(await dead.list(2, all[1]?.id))).toEqual(idsOf(all.slice(2, 4)));
      const id = all[0]?.id ?? '';
      expect(await dead.get(id)).toEqual(all[0]);
      expect([await dead.discard(id), await dead.discard(id)]).toEqual([true, false]);
      expect([await dead.get(id), await dead.get('nonsense'), await log.dead('other').get(all[1]?.id ?? '')]).toEqual([
        undefined,
        undefined,
        undefined,
      ]);
      expect(idsOf(await letters(log, 'd', 4))).toEqual(idsOf(all.slice(1)));
    });

    it('hands a dead letter to the same handler once more, and drops it when that succeeds', async () => {
      const calls = notes<number>();
      let isMended = false;
      await log.consume(aDurable({ attempts: 2 }), async (_, { attempt }) => {
        calls.add(attempt);
        return isMended ? done : retry('broken');
      });
      await log.append(events(1));
      const id = (await letters(log, 'd', 1))[0]?.id ?? '';
      isMended = true;
      expect(await log.dead('d').redrive(id)).toBe(true);
      await letters(log, 'd', 0);
      expect(calls.all).toEqual([1, 2, 3]);
      expect(await log.dead('d').redrive(id)).toBe(false);
    });

    it('keeps a dead letter that fails again, after one try', async () => {
      const calls = notes<number>();
      await log.consume(aDurable({ attempts: 2 }), async (_, { attempt }) => {
        calls.add(attempt);
        throw new Error(`failure ${attempt}`);
      });
      await log.append(events(1));
      const id = (await letters(log, 'd', 1))[0]?.id ?? '';
      await log.dead('d').redrive(id);
      await calls.until(3);
      while ((await log.dead('d').get(id))?.attempts !== 3) await settled(log);
      expect(await log.dead('d').get(id)).toMatchObject({ reason: 'failure 3', attempts: 3 });
      expect(calls.all).toEqual([1, 2, 3]);
    });

    it('remembers a redrive until somebody consumes', async () => {
      const durable = aDurable();
      const consumption = await log.consume(durable, async () => ({ kind: 'dead', reason: 'no' }));
      const [event] = await log.append(events(1));
      const id = (await letters(log, 'd', 1))[0]?.id ?? '';
      await consumption.stop(1_000);
      await log.dead('d').redrive(id);
      const reopened = await fixture.reopen();
      const seen = notes<string>();
      await reopened.consume(durable, async (delivered) => {
        seen.add(delivered.id);
        return done;
      });
      expect(await seen.until(1)).toEqual([event?.id]);
      await letters(reopened, 'd', 0);
    });
  });
}
