import { afterEach, describe, expect, it } from '@jest/globals';
import { Clock, type Json, type JsonMap } from '@millrace/kernel';
import { plan, type FetchRequest } from '@millrace/language';
import { SqliteEventLog, type LoggedEvent } from '@millrace/messaging';
import { SystemIds } from '@millrace/service';
import type { Run } from '../domain/run';
import { Executor, type Finished, type Watcher } from './execute';
import { EventLoopTurns } from '../infrastructure/event-loop-turns';
import { Fetcher, type FetchOptions, type FetchOutcome } from './ports/fetcher';

class StillClock extends Clock {
  override now(): number {
    return 1_000;
  }
}

/** Answers each URL with the outcome it was told, and keeps what was asked. */
class ToldFetcher extends Fetcher {
  readonly asked: { request: FetchRequest; options: FetchOptions }[] = [];
  onFetch: () => Promise<void> = () => Promise.resolve();

  constructor(private readonly outcomes: Readonly<Record<string, FetchOutcome>>) {
    super();
  }

  override async fetch(request: FetchRequest, options: FetchOptions): Promise<FetchOutcome> {
    this.asked.push({ request, options });
    await this.onFetch();
    return this.outcomes[request.url] ?? { error: { code: 'runtime.fetch_unreachable', message: 'Nobody is there.' } };
  }

  override close(): Promise<void> {
    return Promise.resolve();
  }
}

const clock = new StillClock();
const open: SqliteEventLog[] = [];

afterEach(async () => {
  for (const log of open.splice(0)) await log.close();
});

const run: Run = {
  id: 'run_00000000000000000000000001',
  workspaceId: 'ws_1',
  digest: 'd',
  slug: 'main',
  trigger: { type: 'event', value: 'orders.placed', id: 'evt_1' },
  correlationId: 'cor_1',
  causationId: 'evt_1',
  depth: 1,
  startedAt: 1_000,
  causedBy: { kind: 'user', id: 'ada', roles: [] },
  session: 'ses_1',
  traceparent: '00-trace',
};

function world(outcomes: Readonly<Record<string, FetchOutcome>> = {}) {
  const eventLog = new SqliteEventLog({ file: ':memory:', clock });
  open.push(eventLog);
  const fetcher = new ToldFetcher(outcomes);
  const executor = new Executor({
    eventLog,
    fetcher,
    clock,
    ids: new SystemIds(clock),
    turns: new EventLoopTurns(),
    prefilled: { global: { apiUrl: 'http://here' } },
  });
  const execute = (text: string, locals: JsonMap = {}, watcher: Partial<Watcher> = {}, of: Run = run): Promise<Finished> =>
    executor.run(plan({ automations: [{ file: 'automations/main.yaml', text }] }), of, locals, {
      signal: new AbortController().signal,
      ...watcher,
    });
  const logged = (): Promise<LoggedEvent[]> => Array.fromAsync(eventLog.read('first', '*.>', { live: false }));
  const payloads = async (): Promise<[string, Json][]> =>
    (await logged()).map(({ type, payload }) => [type, JSON.parse(new TextDecoder().decode(payload)) as Json]);
  return { eventLog, fetcher, execute, logged, payloads };
}

describe('Executor', () => {
  it('tells what a run emitted, in order, and how it ended', async () => {
    const { execute, payloads } = world();
    const { ended } = await execute('do: [{ emit: { event: a.b, payload: { n: 1 } } }, { emit: { event: c.d } }]\noutput: done\n');
    expect(ended).toMatchObject({ output: 'done' });
    expect(await payloads()).toEqual([
      ['a.b', { n: 1 }],
      ['c.d', {}],
      ['runtime.runs.finished', expect.objectContaining({ run: run.id, automation: 'main', outcome: 'succeeded', digest: 'd' })],
    ]);
  });

  it('says of each event whose it is, what caused it and how far it has come', async () => {
    const { execute, logged } = world();
    await execute('do: [{ emit: { event: a.b, target: { userId: bob, sessionId: s, userTopic: t }, options: { persist: false } } }]');
    const [first] = await logged();
    expect(first).toMatchObject({
      workspaceId: 'ws_1',
      correlationId: 'cor_1',
      causationId: 'evt_1',
      hops: 1,
      key: 'ses_1',
      keep: 'log',
      actor: { kind: 'automation', id: 'main', onBehalfOf: 'ada' },
      source: { service: 'runtime', automation: 'main', run: run.id, session: 'ses_1' },
      target: { user: 'bob', session: 's', topic: 't' },
      traceparent: '00-trace',
    });
  });

  it('is bare where nothing is known: no session, no trace, one reader named', async () => {
    const { execute, logged } = world({ 'http://x/': { value: { status: 200, headers: {}, body: null } } });
    const { session: _session, traceparent: _trace, causedBy: _by, ...bare } = run;
    const text =
      "do: [{ fetch: { url: 'http://x/', timeout: 5 } }, { emit: { event: a.b, target: { userTopic: t } } }, { emit: { event: a.c, target: { userId: u } } }]";
    await execute(text, {}, {}, bare);
    const [first, second] = await logged();
    expect(first).toMatchObject({ target: { topic: 't' }, actor: { kind: 'automation', id: 'main' } });
    expect(second?.target).toEqual({ user: 'u' });
    expect(first?.key).toBeUndefined();
    expect(first?.traceparent).toBeUndefined();
  });

  it('reads nothing from contexts that nobody has written', async () => {
    const { execute } = world();
    const { ended } = await execute("do: []\noutput: '{{user.color}}'\n");
    expect(ended).toEqual({ output: null });
  });

  it('tells nothing twice when a run is done again', async () => {
    const { execute, logged } = world();
    const text = 'do: [{ emit: { event: a.b } }]';
    await execute(text);
    await execute(text);
    expect((await logged()).map(({ type }) => type)).toEqual(['a.b', 'runtime.runs.finished']);
  });

  it('has what was emitted on the log before anything leaves', async () => {
    const { execute, fetcher, logged } = world({ 'http://x/': { value: { status: 200, headers: {}, body: 1 } } });
    let before: string[] = [];
    fetcher.onFetch = async () => {
      before = (await logged()).map(({ type }) => type);
    };
    await execute("do: [{ emit: { event: a.b } }, { fetch: { url: 'http://x/', output: r } }]\noutput: '{{r}}'\n");
    expect(before).toEqual(['a.b']);
    expect(fetcher.asked[0]?.options).toMatchObject({ traceparent: '00-trace', idempotencyKey: expect.stringContaining(run.id) });
  });

  it('gives the automation what came of a fetch, and fails the run when nothing can be had', async () => {
    const told = world({ 'http://here/x': { value: { status: 200, headers: {}, body: { ok: true } } } });
    const good = await told.execute("do: [{ fetch: { url: '{{global.apiUrl}}/x', output: r } }]\noutput: '{{r.ok}}'\n");
    expect(good.ended).toEqual({ output: true });
    const bad = await world().execute("do: [{ fetch: { url: 'http://y/', output: r } }]\noutput: '{{r}}'\n");
    expect(bad.ended).toMatchObject({ error: { code: 'runtime.fetch_unreachable' } });
  });

  it('tells of a failed run with an error event that names the place', async () => {
    const { execute, payloads } = world();
    await execute("do: [{ repeat: { on: 'text', do: [] } }]");
    expect(await payloads()).toEqual([
      ['error', expect.objectContaining({ code: 'language.type', automation: 'main', line: 1 })],
      ['runtime.runs.finished', expect.objectContaining({ outcome: 'failed', error: 'language.type' })],
    ]);
  });

  it('hands parts of an answer to who waits, after what was emitted before them', async () => {
    const { execute, logged } = world();
    const replies: unknown[] = [];
    const reply: Watcher['reply'] = async (request) => {
      replies.push([request, (await logged()).length]);
    };
    const text =
      'do: [{ set: { name: $http, value: { status: 201 } } }, { emit: { event: a.b } }, { set: { name: $http, value: { chunk: one } } }]';
    await execute(text, { $http: {} }, { reply }, { ...run, trigger: { type: 'endpoint', value: 'main', id: 'req-1' } });
    expect(replies).toEqual([
      [expect.objectContaining({ status: 201 }), 0],
      [expect.objectContaining({ chunk: 'one' }), 1],
    ]);
  });

  it('goes through long loops without holding up anything else', async () => {
    const { execute } = world();
    const { ended } = await execute(
      "do: [{ repeat: { until: 60000, do: [{ set: { name: n, value: '{{$index}}' } }] } }]\noutput: '{{n}}'\n",
    );
    expect(ended).toEqual({ output: 59_999 });
  });

  it('ends a run that nobody wants any more at its next step', async () => {
    const { execute, fetcher, payloads } = world({ 'http://x/': { value: { status: 200, headers: {}, body: null } } });
    const stop = new AbortController();
    fetcher.onFetch = () => Promise.resolve(stop.abort());
    const { ended } = await execute("do: [{ fetch: { url: 'http://x/' } }, { emit: { event: a.b } }]", {}, { signal: stop.signal });
    expect(ended).toMatchObject({ cancelled: true });
    expect(await payloads()).toEqual([['runtime.runs.finished', expect.objectContaining({ outcome: 'cancelled' })]]);
  });

  it('says plainly what it cannot do', async () => {
    const { ended } = await world().execute('do: [{ sleep: { for: 1s } }]');
    expect(ended).toMatchObject({ error: { code: expect.stringMatching(/^(runtime|language)\./) } });
  });
});
