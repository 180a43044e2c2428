import type { Alarms, Clock, Ids } from '@millrace/kernel';
import type { LoggedEvent, NewEvent } from '@millrace/messaging';
import { Listener } from '../listener';
import type { LiveFeed } from '../live-feed';
import type { Reading } from '../reading/reading';
import type { SubscribeRequest } from '../subscribe';
import { Collector } from './collector';

const POLL = 'poll';

/** A question for what happens behind a position. */
export interface Question extends Omit<SubscribeRequest, 'id' | 'payload'> {
  /** Milliseconds to wait for the first event. */
  readonly wait: number;
  /** At most so many events. */
  readonly limit: number;
}

/** Who asks: the reading, and the head of the feed before what they may read was asked for. */
export interface Asking {
  readonly reading: Reading;
  readonly asOf: bigint;
}

export interface Polled {
  /** In the order of the log, with all that is in them. */
  readonly events: readonly (NewEvent | LoggedEvent)[];
  /** Position behind which the next question goes on. */
  readonly next: string;
  readonly recovered: boolean;
  /** Why something is missing behind `since`. */
  readonly reason?: string;
  /** Whether there may be more already: the answer was full, or the time was over before all of the log was read. */
  readonly more: boolean;
}

export interface PollParts {
  readonly feed: LiveFeed;
  readonly clock: Clock;
  readonly alarms: Alarms;
  readonly ids: Ids;
}

/** Answers a question as soon as there is an event for it. Between two questions nothing is kept of who asks: all is in the position. */
export class PollEvents {
  constructor(private readonly parts: PollParts) {}

  /** To be called before it is asked what the caller may read: what changes that from now on counts. */
  expect(): bigint {
    return this.parts.feed.expect();
  }

  /** Refuses what `subscribe` refuses, and who has other rights all at once (`events.rights_changed`). */
  async run({ reading, asOf }: Asking, { wait, limit, ...request }: Question): Promise<Polled> {
    const collector = new Collector(this.parts.ids.mint('poll'), limit, request.since !== undefined);
    const listener = new Listener(reading, this.parts.feed, collector, asOf);
    try {
      const { answer, begin } = await listener.subscribe({ ...request, id: POLL });
      begin();
      if (answer.reason === undefined) await this.ready(collector, wait);
      const reason = answer.reason ?? collector.lost;
      return {
        events: collector.deliveries.map(({ event }) => event),
        next: listener.position,
        recovered: reason === undefined,
        ...(reason === undefined ? {} : { reason }),
        more: listener.isBehind,
      };
    } finally {
      listener.close();
    }
  }

  private async ready(collector: Collector, wait: number): Promise<void> {
    const { promise: over, resolve } = Promise.withResolvers<void>();
    const cancel = this.parts.alarms.set(this.parts.clock.now() + wait, resolve);
    await Promise.race([collector.ready, over]).finally(cancel);
  }
}
