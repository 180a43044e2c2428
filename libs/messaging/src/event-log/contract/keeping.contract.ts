import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { EventLog } from '../event-log';
import { aDurable, anEvent, collect, done, events, gate, idsOf, notes, settled } from './fixture';
import type { EventLogFixture, OpenEventLog } from './fixture';

export function keepingContract(open: OpenEventLog): void {
  describe('keeping and forgetting', () => {
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

    it('trims what lies before a position, and moves its beginning', async () => {
      const appended = await log.append(events(10));
      const position = appended[6]?.position ?? { epoch: '', offset: 0n };
      expect(await log.trim(position)).toBe(6);
      expect(await log.trim(position)).toBe(0);
      expect(idsOf(await everything(log))).toEqual(idsOf(appended.slice(6)));
      expect((await log.range()).first).toBe(position.offset);
      await expect(log.trim({ epoch: 'other', offset: 1n })).rejects.toMatchObject({ code: 'log.epoch_changed' });
    });

    it('goes on counting after everything was trimmed', async () => {
      await log.append(events(3));
      const { epoch, last } = await log.range();
      await log.trim({ epoch, offset: last + 1n });
      const reopened = await fixture.reopen();
      expect(await reopened.range()).toMatchObject({ epoch, first: last + 1n, last });
      const [next] = await reopened.append(events(1));
      expect(next?.position.epoch).toBe(epoch);
      expect(next?.position.offset).toBeGreaterThan(last);
    });

    it('never trims what a durable has not done, whether or not it runs', async () => {
      const hold = gate();
      const seen = notes<string>();
      const appended = await log.append(events(10, (n) => ({ subject: `${n}` })));
      const consumption = await log.consume(aDurable({ order: 'none', parallel: 2 }), async ({ subject }) => {
        if (subject === '4') await hold.opened;
        seen.add(subject ?? '');
        return done;
      });
      await seen.until(9);
      const { epoch, last } = await log.range();
      const all = { epoch, offset: last + 1n };
      expect(await log.trim(all)).toBe(4);
      hold.open();
      await seen.until(10);
      await consumption.stop(1_000);
      await log.append(events(2));
      await log.trim({ epoch, offset: (await log.range()).last + 1n });
      expect(await everything(log)).toHaveLength(2);
      expect(appended).toHaveLength(10);
    });

    it('waits for no durable that was abandoned, and hands it what is left when it comes back', async () => {
      const appended = await log.append(events(5));
      const consumption = await log.consume(aDurable({ name: 'gone', order: 'none', parallel: 1 }), () => new Promise(() => undefined));
      await settled(log);
      await consumption.stop(0);
      const before = appended[3]?.position ?? { epoch: '', offset: 0n };
      expect(await log.trim(before)).toBe(0);
      expect(await log.trim(before, { abandoned: ['gone'] })).toBe(3);
      const seen = notes<string>();
      await log.consume(aDurable({ name: 'gone', order: 'none' }), async ({ id }) => {
        seen.add(id);
        return done;
      });
      const left = idsOf(appended.slice(3));
      for (let count = 2; !left.every((id) => seen.all.includes(id)); count += 1) await seen.until(count);
    });

    it('keeps the copies of dead letters that it trims, to be handed out once more', async () => {
      let isMended = false;
      const seen = notes<string>();
      const appended = await log.append(events(2));
      await log.consume(aDurable(), async ({ id }) => {
        if (!isMended) return { kind: 'dead', reason: 'no' };
        seen.add(id);
        return done;
      });
      while ((await log.dead('d').list(2)).length < 2) await settled(log);
      const { epoch, last } = await log.range();
      while ((await log.durables()).some(({ undone }) => undone !== undefined)) await settled(log);
      expect(await log.trim({ epoch, offset: last + 1n })).toBeGreaterThanOrEqual(2);
      isMended = true;
      const letters = await log.dead('d').list(2);
      for (const { id } of letters) await log.dead('d').redrive(id);
      expect((await seen.until(2)).toSorted()).toEqual(idsOf(appended).toSorted());
    });

    it('finds the position of a time, whatever was trimmed', async () => {
      const none = { epoch: (await log.range()).epoch, offset: (await log.range()).last + 1n };
      expect(await log.at(0)).toEqual(none);
      const first = (await log.append(events(3))).at(-1);
      while ((await log.append(events(1)))[0]?.recordedAt === first?.recordedAt);
      const all = await everything(log);
      for (const time of [0, ...all.map(({ recordedAt }) => recordedAt)]) {
        expect(await log.at(time)).toEqual(all.find(({ recordedAt }) => recordedAt >= time)?.position);
      }
      const last = all.at(-1);
      expect((await log.at((last?.recordedAt ?? 0) + 1)).offset).toBe((await log.range()).last + 1n);
      await log.trim(all[2]?.position ?? none);
      expect(await log.at(0)).toEqual(all[2]?.position);
    });

    it('tells how far every durable is, whether or not it runs', async () => {
      const hold = gate();
      const seen = notes<string>();
      const appended = await log.append(events(4, (n) => ({ subject: `${n}` })));
      const consumption = await log.consume(aDurable({ parallel: 4 }), async ({ subject }) => {
        if (subject === '1') await hold.opened;
        seen.add(subject ?? '');
        return done;
      });
      await seen.until(3);
      const standingOf = async (name: string) => (await log.durables()).find((durable) => durable.name === name);
      while ((await standingOf('d'))?.lag !== 1) await log.range();
      expect(await standingOf('d')).toEqual({ name: 'd', lag: 1, undone: appended[1]?.position });
      hold.open();
      await seen.until(4);
      await consumption.stop(1_000);
      expect(await standingOf('d')).toEqual({ name: 'd', lag: 0 });
      const [next] = await log.append(events(1));
      expect(await standingOf('d')).toEqual({ name: 'd', lag: 1, undone: next?.position });
    });

    it('overwrites the payload of removed events, and keeps the rest of them in place', async () => {
      const secret = new TextEncoder().encode('{"name":"somebody"}');
      const wanted = [anEvent({ payload: secret }), anEvent({ payload: secret, subject: 's' }), anEvent({ payload: secret })];
      const appended = await log.append(wanted);
      const position = appended[1]?.position;
      await log.remove(position === undefined ? [] : [position]);
      for (const reopen of [false, true]) {
        const from = reopen ? await fixture.reopen() : log;
        const payloads = (await everything(from)).map(({ payload }) => JSON.parse(new TextDecoder().decode(payload)) as unknown);
        expect(payloads).toEqual([{ name: 'somebody' }, {}, { name: 'somebody' }]);
        expect(idsOf(await everything(from))).toEqual(idsOf(wanted));
        expect((await everything(from))[1]).toMatchObject({ subject: 's', position });
      }
    });

    it('removes again what is removed already, and what was trimmed', async () => {
      const appended = await log.append(events(3));
      const positions = appended.map(({ position }) => position);
      const [first, second] = positions;
      await log.remove(second === undefined ? [] : [second, second]);
      await log.remove(positions);
      await log.remove(positions);
      expect((await everything(log)).map(({ payload }) => JSON.parse(new TextDecoder().decode(payload)) as unknown)).toEqual([{}, {}, {}]);
      if (second !== undefined) await log.trim(second);
      await log.remove(first === undefined ? [] : [first]);
      expect(await everything(log)).toHaveLength(2);
    });

    it('hands no removed payload to a consumer that had not come to it', async () => {
      const hold = gate();
      const seen = notes<string>();
      await log.consume(aDurable({ parallel: 1 }), async ({ payload }) => {
        seen.add(new TextDecoder().decode(payload).replaceAll(' ', ''));
        await hold.opened;
        return done;
      });
      const appended = await log.append(events(3, (n) => ({ key: 'k', payload: new TextEncoder().encode(`{"n":${n}}`) })));
      await seen.until(1);
      await settled(log);
      await log.remove(appended.slice(1).map(({ position }) => position));
      hold.open();
      expect(await seen.until(3)).toEqual(['{"n":0}', '{}', '{}']);
    });

    it('overwrites the payload in dead letters too', async () => {
      await log.consume(aDurable(), async () => ({ kind: 'dead', reason: 'no' }));
      const [appended] = await log.append([anEvent({ payload: new TextEncoder().encode('{"name":"somebody"}') })]);
      while ((await log.dead('d').list(1)).length === 0) await settled(log);
      await log.remove(appended === undefined ? [] : [appended.position]);
      const [letter] = await log.dead('d').list(1);
      expect(JSON.parse(new TextDecoder().decode(letter?.event.payload))).toEqual({});
    });
  });
}
