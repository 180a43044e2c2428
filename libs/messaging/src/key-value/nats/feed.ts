import { AckPolicy, DeliverPolicy } from '@nats-io/jetstream';
import type { JetStreamManager } from '@nats-io/jetstream';
import { nanos } from '@nats-io/transport-node';
import type { Msg, Subscription } from '@nats-io/transport-node';
import type { Link } from '../../nats/link';
import type { Change } from '../key-value';
import type { BucketStream } from './bucket-stream';

/** Milliseconds between two signs of life of the server; after three without, the feed is made anew. */
const BEAT = 2_000;
const SILENT_BEATS = 3;
/** Milliseconds until a feed that could not be made is tried again. */
const AFTER_A_FAILURE = 500;
/** Milliseconds that making one may take. */
const PATIENCE = 5_000;
/** The status of what the server says of the feed itself. */
const CONTROL = 100;

export interface FeedParts {
  readonly link: Link;
  readonly jsm: JetStreamManager;
  readonly source: BucketStream;
  /** Milliseconds for which the server still tells that a key went. */
  readonly memory: number;
  /** Each change once, in order. */
  readonly onChange: (change: Change) => void;
  /** Changes may have been missed: whatever is known must be compared with what is there. */
  readonly onGap: () => void;
}

/**
 * Every change of a bucket from its start on. Goes on behind the last one it brought when the connection, the server or its consumer
 * broke; where it was away so long that the server may have forgotten what went, it says so.
 */
export class Feed {
  /** The last revision brought, or known not to be missing; undefined before the start. */
  #seen: number | undefined;
  #heardAt = performance.now();
  #subscription: Subscription | undefined;
  #round = 0;
  #expected = 1;
  #watch: NodeJS.Timeout | undefined;
  #again: NodeJS.Timeout | undefined;
  #leaveLink: (() => void) | undefined;
  #waiting: Waiting[] = [];

  constructor(private readonly parts: FeedParts) {}

  /** Resolves when every later change will be brought; rejects when that could not be arranged now. */
  async start(): Promise<void> {
    await this.parts.link.run(PATIENCE, () => this.#follow());
    this.#watch = setInterval(() => this.#listen(), BEAT).unref();
    this.#leaveLink = this.parts.link.follow({ onUp: () => this.#restart() });
  }

  stop(): void {
    this.#round += 1;
    this.#leave();
    clearInterval(this.#watch);
    clearTimeout(this.#again);
    this.#leaveLink?.();
    this.#letGo();
  }

  /** Resolves with true when everything up to a revision has been brought; with false after a while: it may have been taken back. */
  reached(revision: number): Promise<boolean> {
    if ((this.#seen ?? 0) >= revision) return Promise.resolve(true);
    return new Promise((resolve) => this.#waiting.push({ revision, resolve }));
  }

  async #follow(): Promise<void> {
    const round = ++this.#round;
    this.#leave();
    const last = await this.parts.source.lastSequence();
    if (round !== this.#round) return;
    const isGap = this.#seen !== undefined && (last < this.#seen || this.#wasAwayTooLong());
    if (this.#seen === undefined || isGap) this.#seen = last;
    await this.#consume(round, this.#seen + 1);
    if (round !== this.#round) return;
    this.#heardAt = performance.now();
    if (isGap) this.parts.onGap();
    this.#progress();
  }

  async #consume(round: number, from: number): Promise<void> {
    const { link, jsm, source } = this.parts;
    const inbox = link.inbox();
    this.#expected = 1;
    this.#subscription = link.connection.subscribe(inbox, {
      callback: (_, message) => {
        if (round === this.#round) this.#take(message);
      },
    });
    await jsm.consumers.add(source.stream, {
      name: inbox.slice(inbox.lastIndexOf('.') + 1),
      deliver_subject: inbox,
      deliver_policy: DeliverPolicy.StartSequence,
      opt_start_seq: from,
      ack_policy: AckPolicy.None,
      flow_control: true,
      idle_heartbeat: nanos(BEAT),
      inactive_threshold: nanos(SILENT_BEATS * BEAT),
      mem_storage: true,
      num_replicas: 1,
    });
  }

  #take(message: Msg): void {
    if (message.subject === this.#subscription?.getSubject()) return this.#obey(message);
    const delivery = deliveryOf(message.reply);
    if (delivery?.number !== this.#expected || this.#wasAwayTooLong()) return this.#restart();
    this.#expected += 1;
    this.#heardAt = performance.now();
    this.#seen = delivery.revision;
    this.parts.onChange(this.parts.source.changeOf(message.subject, delivery.revision, message.headers, message.data));
    this.#progress();
  }

  /** A word of the server about the feed itself. */
  #obey(message: Msg): void {
    if (message.headers?.code !== CONTROL) return this.#restart();
    const delivered = message.headers.get('Nats-Last-Consumer');
    if (delivered !== '' && Number(delivered) >= this.#expected) return this.#restart();
    this.#heardAt = performance.now();
    const stalled = message.headers.get('Nats-Consumer-Stalled');
    if (stalled !== '') this.parts.link.connection.publish(stalled);
    message.respond();
  }

  #listen(): void {
    if (performance.now() - this.#heardAt > SILENT_BEATS * BEAT) this.#restart();
    this.#letGo();
  }

  #restart(): void {
    clearTimeout(this.#again);
    const attempt = this.parts.link.run(PATIENCE, () => this.#follow());
    const round = this.#round;
    attempt.catch(() => {
      if (round === this.#round) this.#again = setTimeout(() => this.#restart(), AFTER_A_FAILURE).unref();
    });
  }

  #leave(): void {
    this.#subscription?.unsubscribe();
    this.#subscription = undefined;
  }

  /** Half of what the server remembers, for the clocks of two machines do not run alike. */
  #wasAwayTooLong(): boolean {
    return performance.now() - this.#heardAt > this.parts.memory / 2;
  }

  #letGo(): void {
    for (const { resolve } of this.#waiting.splice(0)) resolve(false);
  }

  #progress(): void {
    if (this.#waiting.length === 0) return;
    const reached = this.#waiting.filter(({ revision }) => revision <= (this.#seen ?? 0));
    this.#waiting = this.#waiting.filter((waiting) => !reached.includes(waiting));
    for (const { resolve } of reached) resolve(true);
  }
}

interface Waiting {
  readonly revision: number;
  readonly resolve: (hasCome: boolean) => void;
}

/** Where a message stands in its consumer and in its stream, as the server writes it into the reply subject; an older and a newer form. */
function deliveryOf(reply = ''): { readonly number: number; readonly revision: number } | undefined {
  const tokens = reply.split('.');
  if (tokens[1] !== 'ACK' || tokens.length < 9) return undefined;
  const [revision, number] = tokens.slice(tokens.length === 9 ? 5 : 7);
  return { number: Number(number), revision: Number(revision) };
}
