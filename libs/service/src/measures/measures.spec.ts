import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SqliteDocuments } from '@millrace/documents';
import type { Clock } from '@millrace/kernel';
import { SqliteEventLog, type NewEvent, type Outcome } from '@millrace/messaging';
import { Metrics } from '@millrace/observability';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { SystemClock } from '../machine/machine';
import { MeasuredEventLog } from './measured-event-log';
import { measureCapabilities, measureOutbox } from './measured-platform';

const clock = new SystemClock();
/** A clock by which all that happens now is five seconds old. */
const later: Clock = { now: () => clock.now() + 5_000 };
const event = (id: string, time = clock.now()): NewEvent => ({
  ...{ id, workspaceId: 'ws_1', type: 'bell.rung', time, correlationId: 'c' },
  ...{ actor: { kind: 'service', id: 'bells' }, source: { service: 'bells' }, payload: new TextEncoder().encode('{}') },
});

describe('what a service does with the log', () => {
  let folder: string;
  let metrics: Metrics;
  let log: MeasuredEventLog;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'millrace-measures-'));
    metrics = new Metrics('bells');
    log = new MeasuredEventLog(new SqliteEventLog({ file: join(folder, 'log.db'), clock }), metrics, later);
  });

  afterEach(async () => {
    await log.close();
    await rm(folder, { recursive: true });
  });

  const valueOf = async (name: string): Promise<readonly string[]> =>
    (await metrics.registry.metrics()).split('\n').filter((line) => line.startsWith(`millrace_${name}{`));

  it('is counted by the events that the log has got by it, and timed', async () => {
    await log.append([event('one'), event('two')]);
    await log.append([event('two'), event('three')]);
    expect(await valueOf('log_appended_total')).toEqual([expect.stringMatching(/ 3$/)]);
    expect(await valueOf('log_append_seconds_count')).toEqual([expect.stringMatching(/ 2$/)]);
  });

  it('is counted by what comes of each delivery, and dead letters are', async () => {
    const ended = Promise.withResolvers<void>();
    const outcomes: Outcome[] = [{ kind: 'retry', delay: 1, reason: 'not yet' }, { kind: 'done' }, { kind: 'dead', reason: 'cracked' }];
    const handle = async (): Promise<Outcome> => {
      const next = outcomes.shift() ?? { kind: 'done' };
      if (outcomes.length === 0) ended.resolve();
      return next;
    };
    const durable = { name: 'ringers', filter: ['*.bell.>'], order: 'key', parallel: 1, attempts: 5, start: 'first' } as const;
    const consumption = await log.consume(durable, handle);
    await log.append([event('one'), event('two')]);
    await ended.promise;
    await consumption.stop(5_000);
    expect(await valueOf('log_handled_total')).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/outcome="retry".* 1$/),
        expect.stringMatching(/outcome="done".* 1$/),
        expect.stringMatching(/outcome="dead".* 1$/),
      ]),
    );
    expect(await valueOf('log_redeliveries_total')).toEqual([expect.stringMatching(/durable="ringers".* 1$/)]);
    expect(await valueOf('log_dead_letters')).toEqual([expect.stringMatching(/durable="ringers".* 1$/)]);
    expect(await valueOf('log_oldest_unacked_seconds')).toEqual([expect.stringMatching(/durable="ringers".* 0$/)]);
  });

  it('tells how old the oldest event is that is in hand', async () => {
    const held = Promise.withResolvers<Outcome>();
    const began = Promise.withResolvers<void>();
    const durable = { name: 'ringers', filter: ['*.bell.>'], order: 'none', parallel: 1, attempts: 5, start: 'first' } as const;
    const consumption = await log.consume(durable, () => {
      began.resolve();
      return held.promise;
    });
    await log.append([event('one')]);
    await began.promise;
    const [line = ''] = await valueOf('log_oldest_unacked_seconds');
    expect(Number(line.split(' ').at(-1))).toBeGreaterThanOrEqual(5);
    held.resolve({ kind: 'done' });
    await consumption.stop(5_000);
  });

  it('tells how full the log is', async () => {
    await log.append([event('one')]);
    const [bytes = '', capacity = ''] = [...(await valueOf('log_bytes')), ...(await valueOf('log_capacity_bytes'))];
    expect(Number(bytes.split(' ').at(-1))).toBeGreaterThan(0);
    expect(Number(capacity.split(' ').at(-1))).toBeGreaterThan(Number(bytes.split(' ').at(-1)));
  });

  it('is left out where it cannot be told, and nothing else is', async () => {
    metrics.observed('bells_hung', 'Bells.', [], () => Promise.reject(new Error('nobody looked')));
    metrics.counter('bells_rung_total', 'Rings.').inc();
    const text = await metrics.registry.metrics();
    expect(text).not.toMatch(/^millrace_bells_hung[{ ]/m);
    expect(text).toMatch(/^millrace_bells_rung_total\{.*\} 1$/m);
  });

  it('tells what the log was set up to be', async () => {
    const capabilities = { durability: 'safe', replicas: 3, pinned: true, framed: false };
    const watched = { check: async () => undefined, essential: true };
    measureCapabilities(
      () => [
        { ...watched, name: 'store' },
        { ...watched, name: 'log', capabilities },
      ],
      metrics,
    );
    const told = (await valueOf('log_capability')).map((line) => line.replace(/.*name="(\w+)".*\} /, '$1 '));
    expect(told.sort()).toEqual(['durability_safe 1', 'framed 0', 'pinned 1', 'replicas 3']);
  });

  it('tells how long the oldest event waits in the outbox', async () => {
    const documents = await SqliteDocuments.open(join(folder, 'documents.db'));
    measureOutbox(documents, { clock }, metrics);
    expect(await valueOf('outbox_lag_seconds')).toEqual([expect.stringMatching(/ 0$/)]);
    const bells = await documents.collection<{ id: string }>({ name: 'bells', id: ({ id }) => id, indexes: [] });
    await bells.insert({ id: 'b' }, [event('late', clock.now() - 90_000)]);
    const [line = ''] = await valueOf('outbox_lag_seconds');
    expect(Number(line.split(' ').at(-1))).toBeGreaterThan(89);
    await documents.close();
  });
});
