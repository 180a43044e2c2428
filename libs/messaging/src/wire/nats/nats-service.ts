import { AsyncLocalStorage } from 'node:async_hooks';
import type { Msg, Subscription } from '@nats-io/transport-node';
import type { Link } from '../../nats/link';
import type { Registration, WireHandlers } from '../wire';
import type { End } from './inboxes';
import { cancelSubject } from './protocol';
import { ServedCall } from './served-call';

/** Milliseconds for the server to say that it sends nothing more. */
const PATIENCE = 2_000;

/** One served subject: its subscription, its handlers and the calls in their hands. */
export class NatsService implements Registration {
  /** Handlers run in the context `serve` was called in, not in that of whichever message came before. */
  readonly #inOwnContext = AsyncLocalStorage.snapshot();
  /** By the subject their caller waits at. */
  readonly #inHand = new Map<string, ServedCall>();
  readonly #requests: Subscription;
  readonly #cancels: Subscription;
  #onIdle: (() => void) | undefined;

  constructor(
    subject: string,
    group: string,
    private readonly handlers: WireHandlers,
    private readonly end: End,
    private readonly link: Link,
  ) {
    this.#cancels = end.connection.subscribe(cancelSubject(subject), {
      callback: (_, message) => this.#inHand.get(message.string())?.cancel(),
    });
    this.#requests = end.connection.subscribe(subject, { queue: group, callback: (_, message) => void this.#take(message) });
  }

  async close(): Promise<void> {
    await drained(this.link, this.#requests);
    if (this.#inHand.size > 0) await new Promise<void>((resolve) => (this.#onIdle = resolve));
    this.#cancels.unsubscribe();
  }

  /** Ends without waiting; callers in hand are told. */
  abandon(): void {
    for (const call of this.#inHand.values()) call.abandon();
  }

  async #take(message: Msg): Promise<void> {
    const { reply } = message;
    if (reply === undefined || reply === '') return;
    const call = new ServedCall(message, this.end);
    this.#inHand.set(reply, call);
    await this.#inOwnContext(() => call.answer(this.handlers));
    this.#inHand.delete(reply);
    if (this.#inHand.size === 0) this.#onIdle?.();
  }
}

/**
 * Takes nothing new; what was delivered already is handled. Fine when it, or the connection, is closed already, and soon over when the
 * server is away or stands still: it forgets what a lost connection subscribed to.
 */
export async function drained(link: Link, subscription: Subscription): Promise<void> {
  if (subscription.isClosed() || subscription.isDraining()) return;
  await link.run(PATIENCE, () => subscription.drain()).catch(() => subscription.unsubscribe());
}
