import { AsyncLocalStorage } from 'node:async_hooks';
import { isAway } from '@millrace/kernel';
import { reasonOf } from '../../faults';
import type { LoggedEvent } from '../event';
import type { Delivery, Outcome } from '../event-log';

export type Handle = (event: LoggedEvent, delivery: Delivery) => Promise<Outcome>;

/** `threw`: the handler broke; when it is tried again is not its to say. `away`: it broke for want of something that could not be reached. */
export type Ending = Outcome | { readonly kind: 'threw' | 'away'; readonly reason: string };

/** What a hand takes: an event in a durable's care. */
export interface Handed {
  /** Deliveries that failed. */
  readonly attempts: number;
  /** Somebody may have had it before. Absent: only whose deliveries failed. */
  readonly isAgain?: boolean;
  /** Aborted when this process may no longer answer for the event; absent: never. */
  readonly lost?: AbortSignal;
}

/** One consumption: a handler and the events it has in hand. */
export class Hand<Item extends Handed> {
  /** The handler runs in the context `consume` was called in, not in that of whoever appended. */
  readonly #inOwnContext = AsyncLocalStorage.snapshot();
  readonly #inHand = new Set<Item>();
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
   * How the delivery ended; undefined when that no longer counts because the grace was over first, or the event was let go. `before`
   * comes first, with the event already in hand.
   */
  async deliver(taken: Item, event: () => LoggedEvent, before?: () => Promise<void>): Promise<Ending | undefined> {
    this.#inHand.add(taken);
    const ending = await this.#ask(taken, event, before);
    if (!this.#inHand.delete(taken)) return undefined;
    if (this.#inHand.size === 0) this.#onEmpty();
    return ending;
  }

  /** What becomes of the event no longer counts here. */
  letGo(taken: Item): void {
    if (this.#inHand.delete(taken) && this.#inHand.size === 0) this.#onEmpty();
  }

  /** Takes nothing new and waits up to `grace` milliseconds; answers what is still in hand, which no longer counts. 0 ends an earlier wait. */
  async stop(grace: number): Promise<readonly Item[]> {
    this.#stopping = true;
    if (grace > 0) await this.#empty(grace);
    else this.#onEmpty();
    const left = [...this.#inHand];
    this.#inHand.clear();
    this.#grace.abort();
    return left;
  }

  async #ask(taken: Item, event: () => LoggedEvent, before?: () => Promise<void>): Promise<Ending> {
    try {
      if (before !== undefined) await before();
      return await this.#inOwnContext(this.handle, event(), new InHand(taken, this.#grace.signal));
    } catch (fault) {
      return { kind: isAway(fault) ? 'away' : 'threw', reason: reasonOf(fault) };
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

/** Joins its signals only for handlers that look: few do, and it costs more than all the rest of a delivery. */
class InHand implements Delivery {
  readonly attempt: number;
  readonly isAgain: boolean;

  constructor(
    private readonly taken: Handed,
    private readonly grace: AbortSignal,
  ) {
    this.attempt = taken.attempts + 1;
    this.isAgain = taken.attempts > 0 || taken.isAgain === true;
  }

  get signal(): AbortSignal {
    const { lost } = this.taken;
    return lost === undefined ? this.grace : AbortSignal.any([this.grace, lost]);
  }
}
