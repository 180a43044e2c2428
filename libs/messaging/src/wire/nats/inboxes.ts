import { createInbox } from '@nats-io/transport-node';
import type { Msg, NatsConnection } from '@nats-io/transport-node';

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

/** Many inboxes on one subscription: opening one costs no message to the server. */
export class Inboxes {
  readonly #prefix: string;
  readonly #open = new Map<string, (message: Msg) => void>();
  #opened = 0;

  constructor(connection: NatsConnection, inboxPrefix?: string) {
    this.#prefix = createInbox(inboxPrefix);
    connection.subscribe(`${this.#prefix}.*`, { callback: (_, message) => this.#open.get(message.subject)?.(message) });
  }

  open(take: (message: Msg) => void): Inbox {
    this.#opened += 1;
    const subject = `${this.#prefix}.${this.#opened}`;
    this.#open.set(subject, take);
    return { subject, close: () => void this.#open.delete(subject) };
  }
}
