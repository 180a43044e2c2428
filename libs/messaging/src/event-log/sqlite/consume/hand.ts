import { AsyncLocalStorage } from 'node:async_hooks';
import { reasonOf } from '../../../faults';
import type { LoggedEvent } from '../../event';
import type { Delivery, Outcome } from '../../event-log';
import type { StoredEvent } from '../store/stored-event';
import type { Taken } from './taken';

export type Handle = (event: LoggedEvent, delivery: Delivery) => Promise<Outcome>;

/** `threw`: the handler broke; when it is tried again is not its to say. */
export type Ending = Outcome | { readonly kind: 'threw'; readonly reason: string };

/** One consumption: a handler and the events it has in hand. */
export class Hand {
  /** The handler runs in the context `consume` was called in, not in that of whoever appended. */
  readonly #inOwnContext = AsyncLocalStorage.snapshot();
  readonly #inHand = new Set<Taken>();
  readonly #grace = new AbortController();
  #stopping = false;
  #onEmpty = (): void => undefined;

  constructor(
    private readonly handle: Handle,
    private readonly parallel: number,
  ) {}

  get isFree(): boolean {
    return !this.#stopping && this.#inHand.size < this.parallel;
  }

  /**
   * How the delivery ended; undefined when that no longer counts because the grace was over first. `before` comes first, with the event
   * already in hand.
   */
  async deliver(taken: Taken, event: StoredEvent, before?: () => Promise<void>): Promise<Ending | undefined> {
    this.#inHand.add(taken);
    const ending = await this.#ask(event, { attempt: taken.attempts + 1, signal: this.#grace.signal }, before);
    if (!this.#inHand.delete(taken)) return undefined;
    if (this.#inHand.size === 0) this.#onEmpty();
    return ending;
  }

  /** Takes nothing new and waits up to `grace` milliseconds; answers what is still in hand, which no longer counts. 0 ends an earlier wait. */
  async stop(grace: number): Promise<readonly Taken[]> {
    this.#stopping = true;
    if (grace > 0) await this.#empty(grace);
    else this.#onEmpty();
    const left = [...this.#inHand];
    this.#inHand.clear();
    this.#grace.abort();
    return left;
  }

  async #ask(stored: StoredEvent, delivery: Delivery, before?: () => Promise<void>): Promise<Ending> {
    try {
      if (before !== undefined) await before();
      return await this.#inOwnContext(this.handle, stored.event, delivery);
    } catch (fault) {
      return { kind: 'threw', reason: reasonOf(fault) };
    }
  }

  async #empty(within: number): Promise<void> {
    if (this.#inHand.size === 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, within);
      this.#onEmpty = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
