import { describe, expect, it } from '@jest/globals';
import type { JsonMap } from '@millrace/kernel';
import { SystemIds } from '@millrace/service';
import { memoryPorts } from '@millrace/testing';
import type { Run } from '../../domain/run';
import { payloadOf, Workbench, WORKSPACE, type BenchOptions } from '../testing/workbench';

const ok = (body: JsonMap | number | null) => ({ value: { status: 200, headers: {}, body } });

async function bench(automations: Readonly<Record<string, string>>, options?: BenchOptions): Promise<Workbench> {
  const ports = memoryPorts();
  return Workbench.of({ ...ports, ids: new SystemIds(ports.clock) }, automations, options);
}

async function execute(text: string, { run = {}, locals = {} }: { run?: Partial<Run>; locals?: JsonMap } = {}) {
  const runtime = await bench({ main: text });
  const { rest } = await runtime.begin('main', run, locals);
  return { runtime, rest: await rest };
}

describe('a run', () => {
  it('tells what it emitted, in order, and how it ended', async () => {
    const { runtime, rest } = await execute('do: [{ emit: { event: a.b, payload: { n: 1 } } }, { emit: { event: c.d } }]\noutput: done\n');
    expect(rest).toMatchObject({ kind: 'ended', ended: { output: 'done' } });
    expect(await runtime.told()).toEqual([
      ['a.b', { n: 1 }],
      ['c.d', {}],
      ['runtime.runs.finished', expect.objectContaining({ automation: 'main', outcome: 'succeeded', digest: 'd' })],
    ]);
  });

  it('says of each event whose it is, what caused it and how far it has come', async () => {
    const run = {
      causedBy: { kind: 'user', id: 'ada', roles: [] },
      session: 'ses_1',
      traceparent: '00-trace',
      causationId: 'evt_1',
    } as const;
    const text = 'do: [{ emit: { event: a.b, target: { userId: bob, sessionId: s, userTopic: t }, options: { persist: false } } }]';
    const { runtime } = await execute(text, { run });
    const [first] = await runtime.logged();
    expect(first).toMatchObject({
      ...{ workspaceId: 'ws_1', correlationId: 'cor_1', causationId: 'evt_1', hops: 1, key: 'ses_1', keep: 'log', traceparent: '00-trace' },
      actor: { kind: 'automation', id: 'main', onBehalfOf: 'ada' },
      source: { service: 'runtime', automation: 'main', session: 'ses_1', step: '0' },
      target: { user: 'bob', session: 's', topic: 't' },
    });
  });

  it('keeps what it emits as long as it says: the history, the log alone, or those who are connected and nobody else', async () => {
    const emit = (event: string, options: string): string => `{ emit: { event: ${event}, options: ${options} } }`;
    const steps = [emit('a.usual', '{}'), emit('a.noted', '{ keep: log }'), emit('a.shown', '{ keep: live }')];
    const more = [emit('a.kept', '{ keep: history, persist: false }'), emit('a.again', '{ keep: live, persist: true }')];
    const { runtime } = await execute(`do: [${[...steps, ...more].join(', ')}]`);
    const kept = (await runtime.logged()).filter(({ type }) => type.startsWith('a.'));
    expect(kept.map(({ type, keep }) => [type, keep])).toEqual([
      ['a.usual', 'history'],
      ['a.noted', 'log'],
      ['a.kept', 'history'],
    ]);
    expect(runtime.live.events.map(({ type, keep, actor }) => [type, keep, actor.id])).toEqual([
      ['a.shown', 'live', 'main'],
      ['a.again', 'live', 'main'],
    ]);
  });

  it('is bare where nothing is known: no session, no trace, one reader named', async () => {
    const text = 'do: [{ emit: { event: a.b, target: { userTopic: t } } }, { emit: { event: a.c, target: { userId: u } } }]';
    const { runtime } = await execute(text);
    const [first, second] = await runtime.logged();
    expect(first).toMatchObject({ target: { topic: 't' }, actor: { kind: 'automation', id: 'main' } });
    expect(second?.target).toEqual({ user: 'u' });
    expect(first?.key).toBeUndefined();
    expect(first?.traceparent).toBeUndefined();
  });

  it('orders what it emits by the key of what started it, and names the endpoint or the run it repeats', async () => {
    const { runtime } = await execute('do: [{ emit: { event: a.b } }]', {
      run: { key: 'customer-7', session: 'ses_1', replayOf: 'run_before', trigger: { type: 'endpoint', value: 'greet', id: 'req' } },
    });
    const [first] = await runtime.logged();
    expect(first).toMatchObject({ key: 'customer-7', source: { endpoint: 'greet', replayOf: 'run_before', session: 'ses_1' } });
    expect(await runtime.records()).toEqual([expect.objectContaining({ replayOf: 'run_before' })]);
  });

  it('reads nothing from contexts that nobody has written', async () => {
    const { rest } = await execute("do: []\noutput: '{{user.color}}'\n", { run: { causedBy: { kind: 'user', id: 'ada', roles: [] } } });
    expect(rest).toMatchObject({ ended: { output: null } });
  });

  it('reads what it has written, and what is prefilled', async () => {
    const text = "do: [{ set: { name: global.n, value: 7 } }]\noutput: '{{global.n}} {{global.apiUrl}} {{global.workspaceId}}'\n";
    const { runtime, rest } = await execute(text);
    expect(rest).toMatchObject({ ended: { output: '7 http://here ws_1' } });
    expect(await runtime.global()).toEqual({ n: 7 });
  });

  it('reads the configuration as the workspace declares it', async () => {
    const runtime = await bench({ main: "do: []\noutput: '{{config.x}}'\n" });
    expect(await (await runtime.begin('main')).rest).toMatchObject({ ended: { output: null } });
  });

  it('waits for the result of a write that expects a value', async () => {
    const text = 'do:\n  - set: { name: global.n, value: 1, expect: null }\n  - set: { name: global.n, value: 2, expect: 5 }\n';
    const { runtime, rest } = await execute(text);
    expect(rest).toMatchObject({ ended: { error: { code: 'runtime.context_conflict' } } });
    expect(await runtime.global()).toEqual({ n: 1 });
  });

  it('gives the automation what came of a fetch, and fails when nothing can be had', async () => {
    const runtime = await bench({
      good: "do: [{ fetch: { url: '{{global.apiUrl}}/x', output: r } }]\noutput: '{{r.ok}}'\n",
      bad: "do: [{ fetch: { url: 'http://y/', output: r, timeout: 5 } }]\noutput: '{{r}}'\n",
    });
    runtime.fetcher.outcomes.set('http://here/x', ok({ ok: true }));
    const good = await runtime.begin('good', { traceparent: '00-trace' });
    expect(await good.rest).toMatchObject({ ended: { output: true } });
    const { options } = runtime.fetcher.asked[0] ?? {};
    expect(options).toMatchObject({ traceparent: '00-trace', idempotencyKey: expect.stringContaining(good.run.id) });
    expect(await (await runtime.begin('bad')).rest).toMatchObject({ ended: { error: { code: 'runtime.fetch_unreachable' } } });
  });

  it('sends the key the author gave', async () => {
    const runtime = await bench({ main: "do: [{ fetch: { url: 'http://x/', method: post, idempotencyKey: mine } }]\n" });
    runtime.fetcher.outcomes.set('http://x/', ok(null));
    await (
      await runtime.begin('main')
    ).rest;
    expect(runtime.fetcher.asked[0]?.options.idempotencyKey).toBe('mine');
  });

  it('takes from a rate bucket', async () => {
    const text = 'do: [{ rateLimit: { name: n, window: 60, limit: 1, break: false, output: r } }]\noutput: "{{r.ok}}"\n';
    const runtime = await bench({ main: text });
    expect(await (await runtime.begin('main')).rest).toMatchObject({ ended: { output: true } });
    expect(await (await runtime.begin('main')).rest).toMatchObject({ ended: { output: false } });
  });

  it('tells of its failure with an error event that names the place', async () => {
    const { runtime } = await execute("do: [{ repeat: { on: 'text', do: [] } }]");
    expect(await runtime.told()).toEqual([
      ['error', expect.objectContaining({ code: 'language.type', automation: 'main', line: 1 })],
      ['runtime.runs.finished', expect.objectContaining({ outcome: 'failed', error: 'language.type' })],
    ]);
  });

  it('tells who waits for it how it went', async () => {
    const waiting = 'do: [{ wait: { oneOf: [{ event: runtime.automations.executed }] } }]';
    const runtime = await bench({ main: 'do: [{ break: {} }]\noutput: 5', waiting });
    await (
      await runtime.begin('main')
    ).rest;
    const [executed] = await runtime.logged('runtime.automations.executed');
    expect(executed?.keep).toBe('log');
    expect(executed === undefined ? undefined : payloadOf(executed)).toMatchObject({ slug: 'main', output: 5 });
  });

  it('goes through long loops without holding up anything else', async () => {
    const text = "do: [{ repeat: { until: 60000, do: [{ set: { name: n, value: '{{$index}}' } }] } }]\noutput: '{{n}}'\n";
    expect((await execute(text)).rest).toMatchObject({ ended: { output: 59_999 } });
  });

  it('says plainly what this runtime cannot do', async () => {
    const parking = await execute('do: [{ action: { name: a } }]');
    expect(parking.rest).toMatchObject({ ended: { error: { code: 'runtime.effect_unsupported', refusal: 'unavailable' } } });
  });

  it('ends at its next step when it is cancelled, and what it has under way is aborted', async () => {
    const runtime = await bench({ main: "do: [{ fetch: { url: 'http://x/' } }, { emit: { event: a.b } }]" });
    const { promise: begun, resolve } = Promise.withResolvers<AbortSignal>();
    runtime.fetcher.onFetch = (_url, signal) => {
      resolve(signal);
      return new Promise(() => undefined);
    };
    const driver = await runtime.begin('main');
    const signal = await begun;
    expect(await runtime.engine.runs.cancel(driver.run, 'ada does not want it')).toBeDefined();
    expect(await driver.rest).toMatchObject({ ended: { cancelled: true, reason: 'ada does not want it' } });
    expect(signal.aborted).toBe(true);
    expect(await runtime.told()).toEqual([['runtime.runs.finished', expect.objectContaining({ outcome: 'cancelled' })]]);
    expect(await runtime.engine.runs.cancel(driver.run, 'again')).toBeUndefined();
  });

  it('fails with what it wrote when a context does not take it', async () => {
    const runtime = await bench({ main: 'do: [{ set: { name: global.x, value: "{{payload.text}}" } }, { emit: { event: told } }]\n' });
    const { rest } = await runtime.begin('main', {}, { payload: { text: 'x'.repeat(600_000) } });
    expect(await rest).toMatchObject({ ended: { error: { code: 'runtime.context_too_large' } } });
    expect(await runtime.told()).toEqual([
      ['told', {}],
      ['error', expect.objectContaining({ code: 'runtime.context_too_large' })],
      ['runtime.runs.finished', expect.objectContaining({ outcome: 'failed', error: 'runtime.context_too_large' })],
    ]);
    expect(await runtime.global()).toEqual({});
    expect(await runtime.engine.store.list(WORKSPACE)).toEqual([]);
  });
});
