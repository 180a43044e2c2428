import { afterEach, describe, expect, it } from '@jest/globals';
import { Clock, DomainError } from '@millrace/kernel';
import { SqliteEventLog, type LoggedEvent, type LogRange, type NewEvent } from '@millrace/messaging';
import { Metrics, PinoLog } from '@millrace/observability';
import { VirtualTime } from '@millrace/testing';
import { LiveFeed } from '../../application/live/live-feed';
import { Measures } from '../../application/measures';
import { LiveChannel } from '../../application/ports/live-channel';
import { ProtobufEnvelopeJson } from '../../infrastructure/protobuf-envelope-json';
import { LiveReader } from './live-reader';

class SetClock extends Clock {
  time = 1_000_000;
  override now(): number {
    return this.time;
  }
}

/** A log that fails to be read as often as there are failures, then works. */
class FailingLog extends SqliteEventLog {
  readonly failures: Error[] = [];
  /** What the calls of `range` fail with, one by one. */
  readonly rangeFailures: (Error | undefined)[] = [];
  readings = 0;

  override async *read(...asked: Parameters<SqliteEventLog['read']>): AsyncGenerator<LoggedEvent> {
    this.readings += 1;
    const failure = this.failures.shift();
    if (failure !== undefined) throw failure;
    yield* super.read(...asked);
  }

  override async range(): Promise<LogRange> {
    const failure = this.rangeFailures.shift();
    if (failure !== undefined) throw failure;
    return super.range();
  }
}

class QuietChannel extends LiveChannel {
  hear: (event: NewEvent) => void = () => undefined;
  override publish = async (): Promise<void> => undefined;
  override async listen(hear: (event: NewEvent) => void) {
    this.hear = hear;
    return { close: async () => undefined };
  }
}

/** A feed that says when it has taken an event, and when it begins for the second time. */
class WatchedFeed extends LiveFeed {
  readonly taken = Promise.withResolvers<LoggedEvent>();
  readonly begunAgain = Promise.withResolvers<void>();
  private begun = 0;

  override begin(...asked: Parameters<LiveFeed['begin']>): void {
    super.begin(...asked);
    this.begun += 1;
    if (this.begun === 2) this.begunAgain.resolve();
  }

  override take(event: LoggedEvent): void {
    super.take(event);
    this.taken.resolve(event);
  }
}

const cleanups: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

function bench() {
  const clock = new SetClock();
  const eventLog = new FailingLog({ file: ':memory:', clock });
  const log = new PinoLog('events', 'silent');
  const measures = new Measures(new Metrics('events'));
  const feed = new WatchedFeed({ eventLog, envelopes: new ProtobufEnvelopeJson(), clock, alarms: new VirtualTime(0), measures, log });
  const reader = new LiveReader({ eventLog, channel: new QuietChannel(), feed, clock, log, pause: 1 });
  cleanups.push(async () => {
    await reader.onApplicationShutdown();
    await eventLog.close();
  });
  const event: NewEvent = {
    ...{ id: 'a', workspaceId: 'ws_1', type: 'orders.paid', time: 1, payload: new Uint8Array(), correlationId: 'req_1' },
    ...{ actor: { kind: 'user', id: 'ada' }, source: {} },
  };
  return { clock, eventLog, feed, reader, event };
}

describe('the reader of the log', () => {
  it('goes on where it was when the log cannot be read for a while', async () => {
    const { eventLog, feed, reader, event } = bench();
    eventLog.failures.push(new DomainError('log.unavailable', 'unavailable', 'Away.'), new Error('away'));
    await reader.onModuleInit();
    await eventLog.append([event]);
    expect(await feed.taken.promise).toMatchObject({ id: 'a' });
    expect(eventLog.readings).toBe(3);
  });

  it('begins anew in another log, even one that is slow to say where it ends', async () => {
    const { eventLog, feed, reader, event } = bench();
    const changed = new DomainError('log.epoch_changed', 'conflict', 'Another log.');
    eventLog.failures.push(changed, changed);
    eventLog.rangeFailures.push(undefined, new DomainError('log.unavailable', 'unavailable', 'Away.'));
    await reader.onModuleInit();
    await feed.begunAgain.promise;
    await eventLog.append([event]);
    expect(await feed.taken.promise).toMatchObject({ id: 'a' });
    expect(eventLog.readings).toBe(3);
  });

  it('is unwell when it has been behind for more than ten seconds', async () => {
    const { clock, eventLog, reader, event } = bench();
    eventLog.failures.push(...Array.from({ length: 100_000 }, () => new Error('away')));
    await reader.onModuleInit();
    await reader.check();
    await eventLog.append([event]);
    await reader.check();
    clock.time += 10_000;
    await reader.check();
    clock.time += 1;
    await expect(reader.check()).rejects.toThrow('behind the log for 10001 ms');
  });
});
