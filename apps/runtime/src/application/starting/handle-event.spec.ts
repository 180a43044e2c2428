import { describe, expect, it } from '@jest/globals';
import { SystemIds } from '@millrace/service';
import { memoryPorts } from '@millrace/testing';
import { Workbench, WORKSPACE, type BenchOptions } from '../testing/workbench';

async function alone(automations: Readonly<Record<string, string>>, options?: BenchOptions) {
  const ports = memoryPorts();
  const bench = await Workbench.of({ ...ports, ids: new SystemIds(ports.clock) }, automations, options);
  return { bench, advance: ports.advance };
}

const HEARD = 'when: { events: go }\n';
const TELL = 'do: [{ emit: { event: told, payload: { of: "{{payload.n}}" } } }]\n';
const WAIT = 'do:\n  - emit: { event: begun }\n  - wait: { oneOf: [{ event: go.on }], timeout: 1d }\n';
const outcomes = async (bench: Workbench) => (await bench.records()).map(({ outcome }) => outcome);

describe('an event', () => {
  it('starts the automations that listen to it, one step deeper than what told it', async () => {
    const { bench } = await alone({ a: `${HEARD}${TELL}`, b: `${HEARD}${TELL}`, c: 'when: { events: other }\ndo: []\n' });
    await bench.deliver(await bench.emit('go', { n: 1 }, { hops: 3, source: { session: 'ses_1' }, traceparent: '00-t' }));
    const told = await bench.logged('told');
    expect(told).toHaveLength(2);
    expect(told[0]).toMatchObject({ hops: 4, key: 'ses_1', traceparent: '00-t', actor: { onBehalfOf: 'ada' } });
  });

  it('starts nothing where nothing runs, and nothing when it comes after twenty automations', async () => {
    const { bench } = await alone({ a: `${HEARD}${TELL}` });
    await bench.deliver(await bench.emit('go', {}, { hops: 20 }));
    await bench.deliver(await bench.emit('go', {}, { workspaceId: 'ws_nobody' }));
    expect(await bench.logged('told')).toEqual([]);
  });

  it('starts nothing while events stand still in the workspace, and the tick of a schedule nothing while schedules do', async () => {
    const { bench } = await alone({ a: `${HEARD}${TELL}`, b: 'when: { schedules: ["0 0 * * *"] }\n' + TELL });
    const tick = () => bench.emit('runtime.schedules.ticked', { automation: 'b', value: '0 0 * * *' });
    bench.versions.freeze('events');
    await bench.deliver(await bench.emit('go'));
    await bench.deliver(await tick());
    expect(await bench.logged('told')).toHaveLength(1);
    bench.versions.freeze('schedules');
    await bench.deliver(await bench.emit('go'));
    await bench.deliver(await tick());
    expect(await bench.logged('told')).toHaveLength(2);
  });

  it('that is delivered again begins nothing that has ended, is parked or goes on', async () => {
    const { bench } = await alone({ short: `${HEARD}${TELL}`, long: `${HEARD}${WAIT}` });
    const go = await bench.emit('go');
    await bench.deliver(go);
    await bench.deliver(go, 2);
    expect(await bench.logged('told')).toHaveLength(1);
    expect(await bench.engine.store.list(WORKSPACE)).toHaveLength(1);
    await bench.deliver(await bench.emit('go.on'));
    await bench.deliver(go, 3);
    expect(await outcomes(bench)).toEqual(['succeeded', 'succeeded']);
  });

  it('that is delivered again while its run is in hand waits for that', async () => {
    const { bench } = await alone({ a: `${HEARD}do: [{ fetch: { url: 'http://x/' } }]\n` });
    const gate = Promise.withResolvers<undefined>();
    const begun = Promise.withResolvers<undefined>();
    bench.fetcher.onFetch = () => {
      begun.resolve(undefined);
      return gate.promise;
    };
    const go = await bench.emit('go');
    const both = [bench.deliver(go), begun.promise.then(() => bench.deliver(go, 2))];
    await begun.promise;
    await bench.logged();
    gate.resolve(undefined);
    await Promise.all(both);
    expect(bench.fetcher.asked).toHaveLength(1);
    expect(await bench.records()).toHaveLength(1);
  });

  it('of before this process is looked up on the log, in case that its run has ended', async () => {
    const { bench } = await alone({ a: `${HEARD}do: [{ set: { name: global.n, type: increment } }]\n` });
    const [first, second] = [await bench.emit('go'), await bench.emit('go')];
    await bench.deliver(first);
    const later = await Workbench.of(bench.ports, { a: `${HEARD}do: [{ set: { name: global.n, type: increment } }]\n` });
    await later.deliver(first);
    await later.deliver(second);
    expect(await bench.global()).toEqual({ n: 2 });
    expect(await bench.records()).toHaveLength(2);
  });

  it('starts what it would have started then: the version and the time are those of the event', async () => {
    const { bench, advance } = await alone({ a: `${HEARD}do: [{ emit: { event: told, payload: { at: "{{run.date}}" } } }]\n` });
    const go = await bench.emit('go');
    await advance(5_000);
    await bench.deliver(go);
    const [record] = await bench.records();
    expect(record).toMatchObject({ startedAt: go.recordedAt, duration: 5_000, trigger: { type: 'event', value: 'go', id: go.id } });
  });
});

describe('the tick of a schedule', () => {
  const AUTOMATION = 'when: { schedules: ["0 * * * *"] }\n';
  const tick = (overlap?: string) => ({
    automation: 'a',
    entry: 'e',
    value: '0 * * * *',
    at: 1,
    late: 0,
    ...(overlap === undefined ? {} : { overlap }),
  });

  it('starts its automation, and none that is gone or off', async () => {
    const { bench } = await alone({
      a: `${AUTOMATION}do: []\noutput: "{{schedule.value}}"\n`,
      off: `${AUTOMATION}disabled: true\ndo: []\n`,
    });
    await bench.deliver(await bench.emit('runtime.schedules.ticked', tick()));
    for (const automation of ['gone', 'off']) await bench.deliver(await bench.emit('runtime.schedules.ticked', { ...tick(), automation }));
    expect(await bench.records()).toEqual([
      expect.objectContaining({ automation: 'a', trigger: expect.objectContaining({ type: 'schedule' }) }),
    ]);
  });

  it.each([
    ['skip', ['cancelled'], 1],
    ['cancel', ['cancelled'], 1],
    ['allow', [], 2],
  ])('while a run of it goes on is handled as its overlap says: %s', async (overlap, ended, left) => {
    const { bench, advance } = await alone({ a: `${AUTOMATION}${WAIT}` });
    const first = bench.deliver(await bench.emit('runtime.schedules.ticked', tick(overlap)));
    await advance(1);
    const second = bench.deliver(await bench.emit('runtime.schedules.ticked', tick(overlap)));
    await advance(1);
    await Promise.all([first, second]);
    expect(await outcomes(bench)).toEqual(ended);
    expect(await bench.engine.store.list(WORKSPACE)).toHaveLength(left);
  });

  it('waits for the run before it, if its overlap says so', async () => {
    const { bench, advance } = await alone({ a: `${AUTOMATION}${WAIT}` });
    await bench.deliver(await bench.emit('runtime.schedules.ticked', tick('queue')));
    const second = bench.deliver(await bench.emit('runtime.schedules.ticked', tick('queue')));
    await advance(1);
    expect(await bench.engine.store.list(WORKSPACE)).toHaveLength(1);
    await bench.deliver(await bench.emit('go.on'));
    await advance(1);
    await second;
    expect(await outcomes(bench)).toEqual(['succeeded']);
    expect(await bench.engine.store.list(WORKSPACE)).toHaveLength(1);
  });
});

describe('a run beyond the concurrency of its automation', () => {
  const limited = (policy: string): string => `${HEARD}concurrency: { limit: 1, key: "{{payload.customer}}", policy: ${policy} }\n${WAIT}`;

  it.each([
    ['skip', { outcome: 'cancelled', reason: 'As many runs as its concurrency allows were going on.' }],
    ['reject', { outcome: 'failed', error: 'runtime.busy' }],
  ])('is turned away: %s', async (policy, record) => {
    const { bench } = await alone({ a: limited(policy) });
    for (const customer of ['x', 'x', 'y']) await bench.deliver(await bench.emit('go', { customer }));
    expect(await bench.records()).toEqual([expect.objectContaining(record)]);
    expect(await bench.engine.store.list(WORKSPACE)).toHaveLength(2);
  });

  it('waits for its turn', async () => {
    const { bench, advance } = await alone({ a: limited('queue') });
    await bench.deliver(await bench.emit('go'));
    const second = bench.deliver(await bench.emit('go'));
    await advance(1);
    await bench.deliver(await bench.emit('go.on'));
    await second;
    expect(await outcomes(bench)).toEqual(['succeeded']);
    expect(await bench.engine.store.list(WORKSPACE)).toHaveLength(1);
  });

  it('takes the place of the oldest', async () => {
    const { bench, advance } = await alone({ a: limited('cancel') });
    await bench.deliver(await bench.emit('go'));
    const second = bench.deliver(await bench.emit('go'));
    await advance(1);
    await second;
    expect(await bench.records()).toEqual([
      expect.objectContaining({ outcome: 'cancelled', reason: 'A newer run of its automation took its place.' }),
    ]);
    expect(await bench.engine.store.list(WORKSPACE)).toHaveLength(1);
  });

  it('ends while it waits for its turn when it is cancelled or its time is over, and has done nothing', async () => {
    const text = `${HEARD}timeout: 1m\nconcurrency: { limit: 1 }\ndo:\n  - emit: { event: begun }\n  - wait: { oneOf: [{ event: never }], timeout: 1d }\n`;
    const { bench, advance } = await alone({ a: text });
    await bench.deliver(await bench.emit('go'));
    const waiting = [bench.deliver(await bench.emit('go')), bench.deliver(await bench.emit('go'))];
    await advance(1);
    const [, one] = bench.engine.runs.inHand();
    expect(await bench.engine.runs.cancel({ workspaceId: WORKSPACE, id: one?.id ?? '' }, 'ada')).toBeDefined();
    await advance(60_000);
    await Promise.all(waiting);
    expect(await bench.records()).toEqual([
      expect.objectContaining({ outcome: 'cancelled', reason: 'ada' }),
      expect.objectContaining({ outcome: 'failed', error: 'runtime.run_timeout' }),
    ]);
    expect(await bench.logged('begun')).toHaveLength(1);
  });

  it('has as long as the server gives a run whose automation does not say', async () => {
    const { bench, advance } = await alone({ a: `${HEARD}${WAIT}` }, { settings: { runLimits: { defaultTimeout: 60_000 } } });
    await bench.follow();
    await bench.deliver(await bench.emit('go'));
    await advance(59_999);
    expect(await bench.records()).toEqual([]);
    await advance(1);
    expect(await bench.records()).toEqual([expect.objectContaining({ outcome: 'failed', error: 'runtime.run_timeout' })]);
  });

  it('is given back when the runtime stops, for another process to begin', async () => {
    const { bench, advance } = await alone({ a: limited('queue') });
    await bench.deliver(await bench.emit('go'));
    const second = bench.deliver(await bench.emit('go'));
    await advance(1);
    bench.engine.runs.drain();
    await expect(second).rejects.toThrow('being stopped');
    expect(await bench.records()).toEqual([]);
  });
});
