import { randomBytes } from 'node:crypto';
import type { Msg, NatsConnection } from '@nats-io/transport-node';
import type { Link } from '../../nats/link';

/** Bytes of chance in the name of an inbox, and of how many names they are taken from the system at once. */
const CHANCE = 12;
const AT_ONCE = 256;

export interface Inbox {
  readonly subject: string;
  close(): void;
}

/** What the calls and services of one end have in common. */
export interface End {
  readonly connection: NatsConnection;
  readonly inboxes: Inboxes;
  /** Milliseconds between two signs of life of a stream's caller. */
  readonly beat: number;
}

/**
 * Many inboxes on one subscription: opening one costs no message to the server. Who answers in one cannot tell the name of another, so
 * nobody answers what he was not asked.
 */
export class Inboxes {
  readonly #prefix: string;
  readonly #open = new Map<string, (message: Msg) => void>();
  #chance = Buffer.alloc(0);

  constructor(link: Link) {
    this.#prefix = link.inbox();
    link.connection.subscribe(`${this.#prefix}.*`, { callback: (_, message) => this.#open.get(message.subject)?.(message) });
  }

  open(take: (message: Msg) => void): Inbox {
    const subject = `${this.#prefix}.${this.#token()}`;
    this.#open.set(subject, take);
    return { subject, close: () => void this.#open.delete(subject) };
  }

  #token(): string {
    if (this.#chance.length === 0) this.#chance = randomBytes(AT_ONCE * CHANCE);
    const token = this.#chance.toString('base64url', 0, CHANCE);
    this.#chance = this.#chance.subarray(CHANCE);
    return token;
  }
}
