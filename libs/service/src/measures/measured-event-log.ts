import type { Clock } from '@millrace/kernel';
import {
  EventLog,
  type Appended,
  type Consumption,
  type DeadLetters,
  type Delivery,
  type Durable,
  type DurableStanding,
  type LoggedEvent,
  type LogRange,
  type NewEvent,
  type Outcome,
  type Pattern,
  type Position,
  type ReadOptions,
  type TrimOptions,
} from '@millrace/messaging';
import type { Metrics } from '@millrace/observability';

type Handle = (event: LoggedEvent, delivery: Delivery) => Promise<Outcome>;

/** Dead letters that are counted at most: whether there are any is what matters. */
const MOST_LETTERS = 20;

/** The log as a service has it, with what it appends and what its durables do counted and timed. */
export class MeasuredEventLog extends EventLog {
  /** By durable, when the log took what is in hand. */
  private readonly inHand = new Map<string, Set<{ readonly recordedAt: number }>>();
  private readonly appendSeconds;
  private readonly appended;
  private readonly redeliveries;
  private readonly handled;

  constructor(
    private readonly log: EventLog,
    metrics: Metrics,
    private readonly clock: Clock,
  ) {
    super();
    this.appendSeconds = metrics.seconds('log_append_seconds', 'How long the log took to make the events of a call durable.');
    this.appended = metrics.counter('log_appended_total', 'Events that the log has got, but for those of the outbox.');
    this.redeliveries = metrics.counter('log_redeliveries_total', 'Deliveries of events that were delivered before.', ['durable']);
    this.handled = metrics.counter('log_handled_total', 'Deliveries of events, by what came of them.', ['durable', 'outcome']);
    metrics.observed('log_oldest_unacked_seconds', 'Age of the oldest event that is in hand; 0: none is.', ['durable'], (gauge) => {
      for (const [durable, events] of this.inHand) gauge.set({ durable }, this.oldest(events));
    });
    metrics.observed('log_bytes', 'Bytes that the log holds.', [], async (gauge) => gauge.set((await log.range()).bytes));
    metrics.observed('log_capacity_bytes', 'Bytes that the log may hold.', [], async (gauge) => gauge.set((await log.range()).capacity));
    metrics.observed('log_dead_letters', `Dead letters; ${MOST_LETTERS}: as many or more.`, ['durable'], async (gauge) => {
      for (const durable of this.inHand.keys()) gauge.set({ durable }, (await log.dead(durable).list(MOST_LETTERS)).length);
    });
  }

  async append(events: readonly NewEvent[], options?: { readonly since?: Position }): Promise<readonly Appended[]> {
    const done = this.appendSeconds.startTimer();
    const appended = await this.log.append(events, options);
    done();
    this.appended.inc(appended.filter(({ duplicate }) => !duplicate).length);
    return appended;
  }

  consume(durable: Durable, handle: Handle): Promise<Consumption> {
    const { name } = durable;
    const inHand = this.inHand.get(name) ?? new Set();
    this.inHand.set(name, inHand);
    return this.log.consume(durable, async (event, delivery) => {
      if (delivery.attempt > 1 || delivery.isAgain === true) this.redeliveries.inc({ durable: name });
      const one = { recordedAt: event.recordedAt };
      inHand.add(one);
      let outcome = 'failed';
      try {
        const ended = await handle(event, delivery);
        outcome = ended.kind;
        return ended;
      } finally {
        inHand.delete(one);
        this.handled.inc({ durable: name, outcome });
      }
    });
  }

  read(from: Position | 'first' | 'now', filter: Pattern, options: ReadOptions): AsyncIterable<LoggedEvent> {
    return this.log.read(from, filter, options);
  }

  range(): Promise<LogRange> {
    return this.log.range();
  }

  at(time: number): Promise<Position> {
    return this.log.at(time);
  }

  durables(): Promise<readonly DurableStanding[]> {
    return this.log.durables();
  }

  dead(durable: string): DeadLetters {
    return this.log.dead(durable);
  }

  remove(positions: readonly Position[]): Promise<void> {
    return this.log.remove(positions);
  }

  trim(before: Position, options?: TrimOptions): Promise<number> {
    return this.log.trim(before, options);
  }

  close(): Promise<void> {
    return this.log.close();
  }

  private oldest(events: ReadonlySet<{ readonly recordedAt: number }>): number {
    const now = this.clock.now();
    return [...events].reduce((most, { recordedAt }) => Math.max(most, (now - recordedAt) / 1000), 0);
  }
}
