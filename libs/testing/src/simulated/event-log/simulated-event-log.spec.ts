import { describe, expect, it } from '@jest/globals';
import type { Durable, EventLog, Outcome } from '@millrace/messaging';
import type { Faults } from '../faults';
import type { SimulatedProcess } from '../simulated-process';
import { SimulatedWorld } from '../simulated-world';
import { sampleDurable, sampleEvent } from './sample-event';

const SEEDS = Array.from({ length: 60 }, (_, index) => index);
const HONEST: Partial<Faults> = { lostAcks: 0, forgottenAcks: 0 };
const done: Outcome = { kind: 'done' };
const idsOf = (list: readonly { readonly id: string }[]): readonly string[] => list.map(({ id }) => id);

/** Appends `count` events, event `n` with key `k<n mod keys>`. */
async function fill(world: SimulatedWorld, count: number, keys: number): Promise<EventLog> {
  const { eventLog } = world.process('source');
  const events = Array.from({ length: count }, (_, n) => sampleEvent(`e${n}`, { key: `k${n % keys}` }));
  await world.finish(eventLog.append(events));
  return eventLog;
}

type Handle = Parameters<EventLog['consume']>[1];

function consume(world: SimulatedWorld, process: SimulatedProcess, handle: Handle, durable: Partial<Durable> = {}) {
  return world.finish(process.eventLog.consume(sampleDurable(durable), handle));
}

/** Crashes whoever makes the `n`th durable write of a consumer for each `n` given, and puts another in its place. */
function crashing(world: SimulatedWorld, at: readonly number[], begin: () => void): void {
  world.onDurable((_name, n, moment, by) => {
    if (by.name === 'source' || !at.includes(n) || moment !== (n % 2 === 0 ? 'before' : 'after')) return;
    by.crash();
    begin();
  });
}

describe('SimulatedEventLog', () => {
  it('delivers everything at least once, keeps the order of first deliveries of a key, and never has it in two hands, whoever crashes', async () => {
    for (const seed of SEEDS) {
      const world = new SimulatedWorld(seed);
      const eventLog = await fill(world, 24, 4);
      const firsts = new Map<string, Set<string>>();
      const hands = new Map<string, SimulatedProcess>();
      const begin = (): void => {
        const process = world.process();
        void process.eventLog.consume(sampleDurable(), async ({ id, key = '' }) => {
          const other = hands.get(key);
          if (other?.isAlive === true) throw new Error(`${key} is in the hand of ${other.name}`);
          hands.set(key, process);
          firsts.set(key, (firsts.get(key) ?? new Set()).add(id));
          await process.eventLog.range();
          hands.delete(key);
          return done;
        });
      };
      begin();
      begin();
      crashing(world, [5, 8, 13, 14, 21], begin);
      await world.run();
      for (const [key, ids] of firsts) {
        const wanted = Array.from({ length: 24 }, (_, n) => n).filter((n) => `k${n % 4}` === key);
        expect([...ids]).toEqual(wanted.map((n) => `e${n}`));
      }
      expect(firsts.size).toBe(4);
      const letters = await world.finish(eventLog.dead('d').list(10));
      expect(letters).toEqual([]);
    }
  });

  it('shows an event once when nothing goes wrong', async () => {
    for (const seed of SEEDS) {
      const world = new SimulatedWorld(seed, { faults: HONEST });
      await fill(world, 10, 3);
      const seen: string[] = [];
      const handle: Handle = async ({ id }, { attempt }) => {
        seen.push(`${id} ${attempt}`);
        return done;
      };
      await consume(world, world.process(), handle);
      await consume(world, world.process(), handle);
      await world.run();
      expect(seen.toSorted()).toEqual(Array.from({ length: 10 }, (_, n) => `e${n} 1`));
    }
  });

  it('delivers again, as another attempt, what a crashed process had in hand, and its key waits for it', async () => {
    const world = new SimulatedWorld(3, { faults: HONEST });
    await fill(world, 4, 2);
    const [first, second] = [world.process(), world.process()];
    await consume(world, first, () => new Promise(() => undefined));
    await world.run();
    const seen: string[] = [];
    await consume(world, second, async ({ id }, { attempt }) => {
      seen.push(`${id} ${attempt}`);
      return done;
    });
    await world.run();
    expect(seen).toEqual([]);
    const crashedAt = world.clock.now();
    first.crash();
    await world.run();
    expect(seen.toSorted()).toEqual(['e0 2', 'e1 2', 'e2 1', 'e3 1']);
    expect(seen.indexOf('e0 2')).toBeLessThan(seen.indexOf('e2 1'));
    expect(seen.indexOf('e1 2')).toBeLessThan(seen.indexOf('e3 1'));
    expect(world.clock.now() - crashedAt).toBeLessThanOrEqual(10_000);
  });

  it('delivers once more some of what was acknowledged', async () => {
    const world = new SimulatedWorld(5, { faults: { ...HONEST, lostAcks: 0.5 } });
    await fill(world, 40, 40);
    const attempts: number[] = [];
    await consume(world, world.process(), async (_event, { attempt }) => {
      attempts.push(attempt);
      return done;
    });
    await world.run();
    expect(attempts.filter((attempt) => attempt === 1)).toHaveLength(40);
    expect(attempts.filter((attempt) => attempt === 2).length).toBeGreaterThan(5);
  });

  it('forgets with a crash some of what was acknowledged last, and delivers it in order', async () => {
    const world = new SimulatedWorld(5, { faults: { lostAcks: 0, forgottenAcks: 1 } });
    await fill(world, 20, 1);
    const seen: string[] = [];
    const handle: Handle = async ({ id }) => {
      seen.push(id);
      return done;
    };
    const first = world.process();
    await consume(world, first, handle);
    await world.run();
    expect(seen).toHaveLength(20);
    first.crash();
    await consume(world, world.process(), handle);
    await world.run();
    expect(seen.slice(20)).toEqual(seen.slice(12, 20));
  });

  it('never buries for a lost acknowledgement, and buries what was in hand in too many crashes', async () => {
    const world = new SimulatedWorld(2, { faults: { ...HONEST, lostAcks: 1 } });
    const eventLog = await fill(world, 1, 1);
    const seen: number[] = [];
    await consume(world, world.process(), async (_event, { attempt }) => (seen.push(attempt), done), { attempts: 2 });
    await world.run();
    expect([seen, await world.finish(eventLog.dead('d').list(10))]).toEqual([[1, 2], []]);
    for (let n = 0; n < 2; n++) {
      const process = world.process();
      await consume(world, process, () => new Promise(() => undefined), { name: 'x', attempts: 2 });
      await world.run();
      process.crash();
      await world.run();
    }
    await consume(world, world.process(), async () => done, { name: 'x', attempts: 2 });
    await world.run();
    const [letter] = await world.finish(eventLog.dead('x').list(10));
    expect(letter).toMatchObject({ attempts: 2, reason: expect.stringContaining('log.handler_crashed') });
  });

  it('keeps a dead letter whose redrive nobody lived to report', async () => {
    const world = new SimulatedWorld(2, { faults: HONEST });
    const eventLog = await fill(world, 1, 1);
    const process = world.process();
    let isDead = true;
    await consume(world, process, () => (isDead ? Promise.resolve({ kind: 'dead', reason: 'no' }) : new Promise(() => undefined)));
    await world.run();
    isDead = false;
    const dead = eventLog.dead('d');
    expect([await world.finish(dead.redrive('1')), await world.finish(dead.redrive('1')), await world.finish(dead.redrive('2'))]).toEqual([
      true,
      true,
      false,
    ]);
    await world.run();
    process.crash();
    await world.run();
    expect(await world.finish(dead.get('1'))).toMatchObject({ attempts: 2, reason: expect.stringContaining('crashed') });
  });

  it('gives what a paused process has to others after a while, and does not listen to what that says later', async () => {
    const world = new SimulatedWorld(4, { faults: HONEST });
    const eventLog = await fill(world, 1, 1);
    const [zombie, successor] = [world.process(), world.process()];
    const { promise: hold, resolve: release } = Promise.withResolvers<void>();
    const attempts: number[] = [];
    await consume(world, zombie, async () => {
      await hold;
      return { kind: 'dead', reason: 'late' };
    });
    await world.run();
    zombie.pause();
    await consume(world, successor, async (_event, { attempt }) => {
      attempts.push(attempt);
      return done;
    });
    await world.run();
    expect(attempts).toEqual([2]);
    zombie.resume();
    release();
    await world.run();
    expect(await world.finish(eventLog.dead('d').list(10))).toEqual([]);
  });

  it('leaves to a process what it has when it is paused for a moment only, and gives it nothing new meanwhile', async () => {
    const world = new SimulatedWorld(4, { faults: HONEST });
    const process = world.process();
    const { promise: hold, resolve: release } = Promise.withResolvers<void>();
    const seen: string[] = [];
    await consume(world, process, async ({ id }, { attempt }) => {
      seen.push(`${id} ${attempt}`);
      await hold;
      return done;
    });
    const eventLog = await fill(world, 1, 1);
    await world.runFor(0);
    process.pause();
    await world.finish(eventLog.append([sampleEvent('new')]));
    process.resume();
    process.pause();
    process.resume();
    await world.runFor(60_000);
    release();
    await world.run();
    expect(seen).toEqual(['e0 1', 'new 1']);
  });

  it('gives what is new while a process is paused to the others at once', async () => {
    const world = new SimulatedWorld(4, { faults: HONEST });
    const [paused, other] = [world.process(), world.process()];
    const seen: string[] = [];
    for (const process of [paused, other]) {
      await consume(world, process, async ({ id }) => {
        seen.push(`${id} ${process.name}`);
        return done;
      });
    }
    paused.pause();
    await fill(world, 6, 6);
    await world.runFor(0);
    expect(seen.toSorted()).toEqual(Array.from({ length: 6 }, (_, n) => `e${n} ${other.name}`));
  });

  it('appends all or nothing', async () => {
    const world = new SimulatedWorld(1, { capacity: 1_000 });
    const { eventLog } = world.process();
    const events = Array.from({ length: 6 }, (_, n) => sampleEvent(`e${n}`));
    await expect(world.finish(eventLog.append(events))).rejects.toMatchObject({ code: 'log.full' });
    expect((await world.finish(eventLog.range())).last).toBe(0n);
    for (const moment of ['before', 'after'] as const) {
      const process = world.process();
      const stop = world.onDurable((_name, _n, when, by) => {
        if (when === moment) by.crash();
      });
      void process.eventLog.append(events.slice(0, 3));
      await world.run();
      stop();
      expect((await world.finish(eventLog.range())).last).toBe(moment === 'before' ? 0n : 3n);
    }
    const again = await world.finish(eventLog.append(events.slice(0, 4)));
    expect(again.map(({ duplicate }) => duplicate)).toEqual([true, true, true, false]);
  });

  it('reads live what is appended, in order, in every process', async () => {
    for (const seed of SEEDS) {
      const world = new SimulatedWorld(seed);
      const eventLog = await fill(world, 3, 1);
      const seen: string[] = [];
      const follow = async (): Promise<void> => {
        for await (const { id } of world.process().eventLog.read('first', '*.>', { live: true })) seen.push(id);
      };
      void follow();
      const appended = [eventLog.append([sampleEvent('x')]), eventLog.append([sampleEvent('y'), sampleEvent('z')])];
      await world.finish(Promise.all(appended));
      await world.run();
      expect(seen).toEqual(['e0', 'e1', 'e2', 'x', 'y', 'z']);
      const all = await world.finish(Array.fromAsync(eventLog.read('first', '*.>', { live: false })));
      expect(idsOf(all)).toEqual(seen);
    }
  });
});
