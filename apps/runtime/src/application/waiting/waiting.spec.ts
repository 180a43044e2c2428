import { describe, expect, it } from '@jest/globals';
import { DomainError } from '@millrace/kernel';
import type { LoggedEvent } from '@millrace/messaging';
import { SystemIds } from '@millrace/service';
import { memoryPorts, SimulatedWorld } from '@millrace/testing';
import { Workbench, WORKSPACE, type BenchOptions } from '../testing/workbench';

const HOUR = 3_600_000;
const WAIT = 'wait: { oneOf: [{ event: paid, filters: { payload.order: 7 } }], timeout: 1h, output: e }';
const TOLD = 'emit: { event: told, payload: { sum: "{{e.payload.sum}}" } }';

async function alone(automations: Readonly<Record<string, string>>, options?: BenchOptions) {
  const ports = memoryPorts();
  const bench = await Workbench.of({ ...ports, ids: new SystemIds(ports.clock) }, automations, options);
  return { bench, advance: ports.advance, ports };
}

/** Two processes of one world. */
async function two(automations: Readonly<Record<string, string>>) {
  const world = new SimulatedWorld(0, { calm: true });
  const processes = [world.process(), world.process()];
  const benches = processes.map(({ eventLog, keyValue, clock, alarms }) =>
    Workbench.of({ eventLog, keyValue, clock, alarms, ids: new SystemIds(clock) }, automations),
  );
  const [one, other] = await Promise.all(benches);
  const [first, second] = processes;
  if (one === undefined || other === undefined || first === undefined || second === undefined) throw new Error('there are two');
  return { world, one, other, first, second };
}

const types = (events: readonly LoggedEvent[]): readonly string[] => events.map(({ type }) => type);

describe('a run that waits', () => {
  it('is nowhere in memory, and goes on with the event that it accepts', async () => {
    const { bench } = await alone({ main: `do:\n  - ${WAIT}\n  - ${TOLD}\n` });
    expect(await (await bench.begin('main')).rest).toEqual({ kind: 'parked' });
    await bench.deliver(await bench.emit('paid', { order: 6, sum: 1 }));
    expect(bench.engine.runs.size).toBe(0);
    expect(types(await bench.logged('told'))).toEqual([]);
    await bench.deliver(await bench.emit('paid', { order: 7, sum: 2 }));
    expect((await bench.told()).filter(([type]) => type === 'told')).toEqual([['told', { sum: 2 }]]);
    expect(await bench.engine.store.list(WORKSPACE)).toEqual([]);
  });

  it('takes exactly one of two events, whoever is handed them', async () => {
    const { one, other } = await two({ main: `do:\n  - ${WAIT}\n  - ${TOLD}\n` });
    await (
      await one.begin('main')
    ).rest;
    const events = [await one.emit('paid', { order: 7, sum: 1 }), await one.emit('paid', { order: 7, sum: 2 })] as const;
    await Promise.all([one.deliver(events[0]), other.deliver(events[1])]);
    expect(await one.logged('told')).toHaveLength(1);
    expect(await one.records()).toHaveLength(1);
  });

  it('finds the event that came before it waited, but after its last release', async () => {
    const { bench, advance } = await alone({ main: `do:\n  - emit: { event: asked }\n  - sleep: { for: 5s }\n  - ${WAIT}\n  - ${TOLD}\n` });
    const { rest, run } = await bench.begin('main');
    expect(await rest).toEqual({ kind: 'parked' });
    await bench.emit('paid', { order: 7, sum: 3 });
    await bench.emit('paid', { order: 7, sum: 4 });
    await advance(5_000);
    await bench.engine.runs.onTimer(run);
    expect((await bench.told()).filter(([type]) => type === 'told')).toEqual([['told', { sum: 3 }]]);
  });

  it('takes the first of the events that came before it waited', async () => {
    const { bench, advance } = await alone({
      main: `do:\n  - emit: { event: asked }\n  - sleep: { for: 5s }\n  - wait: { oneOf: [{ event: rejected }, { event: paid }], output: e }\n  - ${TOLD}\n`,
    });
    const { rest, run } = await bench.begin('main');
    await rest;
    await bench.emit('paid', { sum: 3 });
    await bench.emit('rejected', { sum: 4 });
    await advance(5_000);
    await bench.engine.runs.onTimer(run);
    expect((await bench.told()).filter(([type]) => type === 'told')).toEqual([['told', { sum: 3 }]]);
  });

  it('is not woken by what the log had before its last release, however late that is delivered', async () => {
    const { bench } = await alone({ main: `do:\n  - emit: { event: asked }\n  - ${WAIT}\n  - ${TOLD}\n` });
    const before = await bench.emit('paid', { order: 7, sum: 1 });
    await (
      await bench.begin('main')
    ).rest;
    await bench.deliver(before);
    expect(await bench.logged('told')).toHaveLength(0);
  });

  it('is not woken by what it told itself before, but by what another branch of it tells later', async () => {
    const ping = 'do:\n  - emit: { event: ping }\n  - wait: { oneOf: [{ event: ping }], timeout: 1h }\n';
    const wait = '      - wait: { oneOf: [{ event: pong }], timeout: 1h }\n';
    const pong = `do:\n  - all:\n${wait}      - [{ sleep: { for: 5s } }, { emit: { event: pong } }]\n`;
    const { bench, advance } = await alone({ ping, pong });
    await bench.follow();
    await (
      await bench.begin('ping')
    ).rest;
    await (
      await bench.begin('pong')
    ).rest;
    await advance(5_000);
    expect(await bench.logged('ping')).toHaveLength(1);
    expect(await bench.records()).toEqual([expect.objectContaining({ automation: 'pong', outcome: 'succeeded' })]);
  });

  it('takes an event once: its next wait, and the same event again, find it taken', async () => {
    const { bench } = await alone({ main: `do:\n  - ${WAIT}\n  - ${WAIT}\n  - ${TOLD}\n` });
    await (
      await bench.begin('main')
    ).rest;
    const paid = await bench.emit('paid', { order: 7, sum: 1 });
    await bench.deliver(paid);
    await bench.deliver(paid, 2);
    expect(await bench.logged('told')).toHaveLength(0);
    await bench.deliver(await bench.emit('paid', { order: 7, sum: 2 }));
    expect((await bench.told()).filter(([type]) => type === 'told')).toEqual([['told', { sum: 2 }]]);
  });

  it('goes on without an event when its time is over, and is not found by one any more', async () => {
    const { bench, advance } = await alone({ main: `do:\n  - ${WAIT}\n  - emit: { event: told, payload: { e: "{{e}}" } }\n` });
    await bench.follow();
    await (
      await bench.begin('main')
    ).rest;
    await advance(HOUR - 1);
    expect(await bench.logged('told')).toHaveLength(0);
    await advance(1);
    expect((await bench.told()).filter(([type]) => type === 'told')).toEqual([['told', { e: null }]]);
    const waits = await bench.ports.keyValue.bucket('waits');
    expect(await waits.list('')).toEqual([]);
  });

  it('fails when its time is over, if it is told to', async () => {
    const { bench, advance } = await alone({ main: 'do: [{ wait: { oneOf: [{ event: never }], timeout: 1s, onTimeout: fail } }]' });
    await bench.follow();
    await (
      await bench.begin('main')
    ).rest;
    await advance(1_000);
    expect(await bench.records()).toEqual([expect.objectContaining({ outcome: 'failed', error: 'runtime.wait_timeout' })]);
  });

  it('sleeps for as long as it is told to, and wakes in whichever process is there', async () => {
    const { world, one, other, first } = await two({ main: 'do: [{ sleep: { for: 10s } }, { emit: { event: told } }]' });
    await (
      await one.begin('main')
    ).rest;
    first.crash();
    await other.follow();
    await world.runFor(9_999);
    expect(await other.logged('told')).toHaveLength(0);
    await world.runFor(1);
    expect(await other.logged('told')).toHaveLength(1);
  });

  it('wakes though its time comes while it is being put down', async () => {
    const { bench, advance } = await alone({ main: 'do: [{ sleep: { for: 1ms } }, { emit: { event: told } }]' });
    await bench.follow();
    for (let n = 0; n < 5; n++) void (await bench.begin('main')).rest;
    await advance(10);
    expect(await bench.logged('told')).toHaveLength(5);
  });

  it('ends with its automation’s time, whatever it waits for', async () => {
    const { bench, advance } = await alone({ main: 'timeout: 10m\ndo: [{ wait: { oneOf: [{ event: never }], timeout: 1d } }]' });
    await bench.follow();
    const { run } = await bench.begin('main', { deadline: bench.ports.clock.now() + 600_000 });
    await advance(600_000);
    expect(await bench.records()).toEqual([expect.objectContaining({ run: run.id, error: 'runtime.run_timeout' })]);
    expect(await bench.engine.store.list(WORKSPACE)).toEqual([]);
  });

  it('may be cancelled, in hand or not, and leaves nothing behind', async () => {
    const { one, other } = await two({ main: `do:\n  - ${WAIT}\n  - approve: { title: t, to: { users: [ada] }, deadline: 1d }\n` });
    const { run, rest } = await one.begin('main');
    await rest;
    expect(await other.engine.runs.cancel(run, 'ada')).toBeDefined();
    await other.engine.runs.find(run.id)?.rest;
    expect(await one.records()).toEqual([expect.objectContaining({ outcome: 'cancelled', reason: 'ada' })]);
    expect(await (await one.ports.keyValue.bucket('waits')).list('')).toEqual([]);
    expect(await one.engine.store.list(WORKSPACE)).toEqual([]);
  });

  it('of which one branch has what it waits for goes on there, and the other is told when it is not needed any more', async () => {
    const { bench } = await alone({
      main: 'do:\n  - all:\n      - - wait: { oneOf: [{ event: a }], timeout: 1h }\n        - break: { scope: all }\n      - wait: { oneOf: [{ event: b }], timeout: 1h }\n',
    });
    await (
      await bench.begin('main')
    ).rest;
    expect(await (await bench.ports.keyValue.bucket('waits')).list('')).toHaveLength(2);
    await bench.deliver(await bench.emit('a'));
    expect(await bench.records()).toHaveLength(1);
    expect(await (await bench.ports.keyValue.bucket('waits')).list('')).toEqual([]);
  });

  it('takes an event while it is in hand', async () => {
    const { bench } = await alone({
      main: `do:\n  - all:\n      - ${WAIT}\n      - fetch: { url: 'http://x/' }\n  - ${TOLD}\n`,
    });
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const begun = Promise.withResolvers<undefined>();
    bench.fetcher.onFetch = () => {
      begun.resolve(undefined);
      return promise;
    };
    bench.fetcher.outcomes.set('http://x/', { value: { status: 200, headers: {}, body: null } });
    const driver = await bench.begin('main');
    await begun.promise;
    const delivered = bench.deliver(await bench.emit('paid', { order: 7, sum: 9 }));
    await bench.emit('something');
    resolve(undefined);
    await delivered;
    expect(await driver.rest).toMatchObject({ kind: 'ended' });
    expect((await bench.told()).filter(([type]) => type === 'told')).toEqual([['told', { sum: 9 }]]);
  });

  it('keeps an event with `cancelTriggers` from starting anything, also when it is delivered again', async () => {
    const { bench } = await alone({
      main: 'do:\n  - wait: { oneOf: [{ event: go, cancelTriggers: true }], timeout: 1h }\n',
      other: 'when: { events: go }\ndo: [{ emit: { event: started } }]\n',
    });
    await (
      await bench.begin('main')
    ).rest;
    const go = await bench.emit('go');
    await bench.deliver(go);
    expect(await bench.logged('started')).toHaveLength(0);
    await bench.deliver(await bench.emit('go'));
    expect(await bench.logged('started')).toHaveLength(1);
  });
});

describe('the wait of a run', () => {
  it('looks through the whole log when the position of the last release is gone', async () => {
    const { bench, ports } = await alone({ main: `do:\n  - emit: { event: asked }\n  - sleep: { for: 1s }\n  - ${WAIT}\n  - ${TOLD}\n` });
    const { run, rest } = await bench.begin('main');
    await rest;
    const paid = await bench.emit('paid', { order: 7, sum: 1 });
    await ports.eventLog.trim(paid.position);
    await ports.advance(1_000);
    await bench.engine.runs.onTimer(run);
    expect((await bench.told()).filter(([type]) => type === 'told')).toEqual([['told', { sum: 1 }]]);
  });

  it('is not registered when the log cannot be read: the run is put down as it was kept', async () => {
    const { bench } = await alone({ main: `do:\n  - ${WAIT}\n` });
    const read = bench.ports.eventLog.read.bind(bench.ports.eventLog);
    bench.ports.eventLog.read = () => {
      throw new DomainError('log.unavailable', 'unavailable', 'The log is away.');
    };
    const { rest, run } = await bench.begin('main');
    await expect(rest).rejects.toMatchObject({ code: 'log.unavailable' });
    bench.ports.eventLog.read = read;
    const again = await bench.engine.runs.recover(run);
    expect(await again?.rest).toEqual({ kind: 'parked' });
    expect(bench.log.lines).toEqual(['A run was put down unfinished.']);
  });
});
