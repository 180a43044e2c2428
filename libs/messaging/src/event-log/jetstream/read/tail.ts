import { jetstream } from '@nats-io/jetstream';
import type { ConsumerMessages, JsMsg } from '@nats-io/jetstream';
import type { FaultReport } from '../../../faults';
import type { LogNames } from '../server/log-names';
import type { Line } from '../server/line';
import type { StreamEvent } from '../stream-event';
import type { Kept } from './direct-get';

const MOST_EVENTS = 4_096;
const MOST_BYTES = 8 * 1024 * 1024;
const PAGE = 256;
/** Milliseconds until newest events that could not be followed are followed anew. */
const AGAIN_AFTER = 500;
/** Messages asked for ahead. */
const CREDIT = 256;
const NANOS = 1_000_000;

export interface TailParts {
  readonly line: Line;
  readonly names: LogNames;
  readonly event: (message: Pick<Kept, 'sequence' | 'subject' | 'body'>) => StreamEvent;
  readonly onFault: FaultReport;
}

/**
 * The newest events, as they come: one consumer for all live readers of this process. What it holds is whole from the event after its
 * beginning on; who is further behind reads pages.
 */
export class Tail {
  readonly #listeners = new Set<() => void>();
  #events: StreamEvent[] = [];
  #start = 0;
  #bytes = 0;
  /** All events after this one and up to `#last` are here. */
  #after = 0;
  #last = 0;
  #messages: ConsumerMessages | undefined;
  #isStarted = false;
  #isClosed = false;

  constructor(private readonly parts: TailParts) {}

  /** The sequence of the newest event it saw. */
  get last(): number {
    return this.#last;
  }

  /** Begins after an event, when nobody asked before. */
  follow(after: number): void {
    if (this.#isStarted) return;
    this.#isStarted = true;
    this.#after = this.#last = after;
    void this.#run();
  }

  /** Some of the events after one, the next of them first; undefined when it does not have that. */
  page(after: number): readonly StreamEvent[] | undefined {
    if (after < this.#after || after >= this.#last) return undefined;
    let [low, high] = [this.#start, this.#events.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#events[middle]?.sequence ?? 0) > after) high = middle;
      else low = middle + 1;
    }
    return this.#events.slice(low, low + PAGE);
  }

  /** Calls after each new event, and by `wake`. Answers how to stop. */
  onNews(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  wake(): void {
    for (const listener of [...this.#listeners]) listener();
  }

  /** Forgets what it holds: bodies were erased, or the log is another one. */
  clear(last = this.#last): void {
    this.#events = [];
    this.#start = this.#bytes = 0;
    this.#after = this.#last = last;
    this.wake();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.wake();
    await this.#messages?.close().catch(() => undefined);
  }

  /** The client makes the consumer anew when it is lost; when it gives up, we begin again where we are. */
  async #run(): Promise<void> {
    while (!this.#hasClosed()) {
      try {
        await this.#consume();
      } catch (fault) {
        if (this.parts.line.isUp) this.parts.onFault('the newest events could not be followed', fault);
      }
      if (!this.#hasClosed()) await new Promise((resolve) => setTimeout(resolve, AGAIN_AFTER).unref());
    }
  }

  async #consume(): Promise<void> {
    const { line, names } = this.parts;
    const consumer = await jetstream(line.connection).consumers.get(names.events, {
      deliver_policy: 'by_start_sequence',
      opt_start_seq: this.#last + 1,
      inactive_threshold: 60_000 * NANOS,
    });
    this.#messages = await consumer.consume({ max_messages: CREDIT, callback: (message) => line.guard(() => this.#take(message)) });
    if (this.#hasClosed()) await this.#messages.close();
    await this.#endOf(this.#messages);
  }

  /** A server that was started again has forgotten the consumer, and the client takes half a minute to miss it: it is made anew at once. */
  async #endOf(messages: ConsumerMessages): Promise<void> {
    const stopListening = this.parts.line.onChange((isUp) => {
      if (isUp) void messages.close().catch(() => undefined);
    });
    await messages.closed();
    stopListening();
  }

  #hasClosed(): boolean {
    return this.#isClosed;
  }

  #take(message: JsMsg): void {
    const { seq: sequence, subject, data: body } = message;
    if (sequence <= this.#last) return;
    // Something between was deleted. Readers that have not passed it yet find out in pages.
    if (sequence > this.#last + 1) this.#forgetUpTo(sequence - 1);
    this.#events.push(this.parts.event({ sequence, subject, body }));
    this.#bytes += body.length;
    this.#last = sequence;
    while (this.#bytes > MOST_BYTES || this.#events.length - this.#start > MOST_EVENTS) this.#dropOldest();
    this.wake();
  }

  #forgetUpTo(sequence: number): void {
    this.#events = [];
    this.#start = this.#bytes = 0;
    this.#after = sequence;
  }

  #dropOldest(): void {
    const oldest = this.#events[this.#start];
    this.#bytes -= oldest?.body.length ?? 0;
    this.#after = oldest?.sequence ?? this.#after;
    this.#start += 1;
    if (this.#start < MOST_EVENTS) return;
    this.#events = this.#events.slice(this.#start);
    this.#start = 0;
  }
}
