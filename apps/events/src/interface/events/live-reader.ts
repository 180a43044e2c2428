import { setTimeout } from 'node:timers/promises';
import type { Clock } from '@millrace/kernel';
import type { EventLog, Registration } from '@millrace/messaging';
import type { Log } from '@millrace/observability';
import type { OnApplicationShutdown, OnModuleInit } from '@nestjs/common';
import type { LiveFeed } from '../../application/live/live-feed';
import { lossOf } from '../../application/live/subscribe';
import type { LiveChannel } from '../../application/ports/live-channel';

const PAUSE = 1_000;
const MAY_LAG = 10_000;

export interface LiveReaderParts {
  readonly eventLog: EventLog;
  readonly channel: LiveChannel;
  readonly feed: LiveFeed;
  readonly clock: Clock;
  readonly log: Log;
  /** Milliseconds to wait before the log is asked again after a failure; a second when absent. */
  readonly pause?: number;
}

/** Reads the log once for all who follow it, from the end it had at the start. After a failure it goes on where it was. */
export class LiveReader implements OnModuleInit, OnApplicationShutdown {
  private readonly stopping = new AbortController();
  private hearing: Registration | undefined;
  private following = Promise.resolve();
  private behindSince: number | undefined;

  constructor(private readonly parts: LiveReaderParts) {}

  async onModuleInit(): Promise<void> {
    const { eventLog, channel, feed } = this.parts;
    feed.begin(await eventLog.range(), 'epoch');
    this.hearing = await channel.listen((event) => feed.pass(event));
    this.following = this.follow();
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.hearing?.close();
    await this.following;
  }

  /** Throws when the reader has been behind the log for more than ten seconds. */
  async check(): Promise<void> {
    const { last } = await this.parts.eventLog.range();
    const now = this.parts.clock.now();
    this.behindSince = last > this.parts.feed.head ? (this.behindSince ?? now) : undefined;
    if (this.behindSince !== undefined && now - this.behindSince > MAY_LAG)
      throw new Error(`behind the log for ${now - this.behindSince} ms`);
  }

  private async follow(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      try {
        for await (const event of this.parts.eventLog.read(this.parts.feed.next, '*.>', { live: true, signal }))
          this.parts.feed.take(event);
      } catch (error) {
        await this.recover(error);
      }
      await setTimeout(this.parts.pause ?? PAUSE, undefined, { signal }).catch(() => undefined);
    }
  }

  private async recover(error: unknown): Promise<void> {
    const { eventLog, feed, log } = this.parts;
    if (this.stopping.signal.aborted) return;
    log.warn('The log cannot be followed; trying again.', { error });
    const loss = lossOf(error);
    if (loss === undefined) return;
    await eventLog.range().then(
      (range) => feed.begin(range, loss),
      (reason: unknown) => log.warn('The log does not say where it ends.', { error: reason }),
    );
  }
}
