import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SqliteEventLog } from '@millrace/messaging';
import { Metrics, PinoLog } from '@millrace/observability';
import { VirtualTime } from '@millrace/testing';
import { ProtobufEnvelopeJson } from '../infrastructure/protobuf-envelope-json';
import { LiveFeed } from './live/live-feed';
import { Measures } from './measures';
import { observe } from './observed';

describe('how far those are who read the log', () => {
  const clock = new VirtualTime(0);
  let eventLog: SqliteEventLog;
  let feed: LiveFeed;
  let metrics: Metrics;

  beforeEach(() => {
    eventLog = new SqliteEventLog({ file: ':memory:', clock });
    metrics = new Metrics('events');
    const log = new PinoLog('events', 'silent');
    feed = new LiveFeed({ eventLog, envelopes: new ProtobufEnvelopeJson(), clock, alarms: clock, measures: new Measures(metrics), log });
    observe(metrics, { eventLog, feed });
  });

  afterEach(() => eventLog.close());

  const told = async (name: string): Promise<readonly string[]> =>
    (await metrics.registry.metrics())
      .split('\n')
      .filter((line) => line.startsWith(`millrace_${name}{`))
      .map((line) => line.replace(/^.*\{(?:durable="(\w+)",)?.*\} /, '$1 ').trim());

  /** Consumes nothing, as long as it runs. */
  const stuck = (name: string, filter: string) =>
    eventLog.consume(
      { name, filter: [filter], order: 'none', parallel: 1, attempts: 'unlimited', start: 'first' },
      () => new Promise(() => undefined),
    );

  it('is told of each by the events it has not done, and of the history by itself', async () => {
    expect(await told('history_lag_events')).toEqual(['0']);
    for (const [name, filter] of [
      ['history', '*.>'],
      ['ringers', '*.bell.>'],
    ] as const)
      await stuck(name, filter);
    const event = {
      workspaceId: 'ws_1',
      time: 0,
      payload: new Uint8Array(),
      correlationId: 'c',
      actor: { kind: 'user', id: 'ada' },
      source: {},
    } as const;
    await eventLog.append(['bell.rung', 'orders.paid', 'orders.sent'].map((type, n) => ({ ...event, id: `e${n}`, type })));
    expect(await told('log_lag_events')).toEqual(['history 3', expect.stringMatching(/^ringers [1-3]$/)]);
    expect(await told('history_lag_events')).toEqual(['3']);
  });

  it('goes with how many want different things of what goes by', async () => {
    expect(await told('live_groups')).toEqual(['0']);
    for (const types of [['a'], ['b'], ['a']]) feed.index.hold('ws_1', { types, where: '', projection: 'full' });
    expect(await told('live_groups')).toEqual(['2']);
  });
});
