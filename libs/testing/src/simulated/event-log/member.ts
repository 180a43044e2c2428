import { isAway } from '@millrace/kernel';
import type { Durable, EventLog, LoggedEvent, Outcome } from '@millrace/messaging';
import type { Fate, Link } from '../link';
import type { DurableQueue } from './durable-queue';
import type { Taken } from './taken';

export type Handle = Parameters<EventLog['consume']>[1];

/** `threw`: the handler broke; when it is tried again is not its to say. `away`: it broke for want of something that could not be reached. */
export type Ending = Outcome | { readonly kind: 'threw' | 'away'; readonly reason: string };

/** One event in one hand. */
export interface Delivery {
  readonly taken: Taken;
  readonly member: Member;
  readonly attempt: number;
}

const REMEMBERED = 8;
const WHAT_IT_DOES: Readonly<Record<Ending['kind'], string>> = {
  done: 'log.ack',
  retry: 'log.retry',
  threw: 'log.retry',
  away: 'log.retry',
  dead: 'log.bury',
};

/** One consumption of a durable by one process. */
export class Member implements Fate {
  /** What it did last, latest last. */
  readonly acknowledged: Taken[] = [];
  readonly #inHand = new Set<Delivery>();
  readonly #grace = new AbortController();
  readonly #stopListening: () => void;
  #isStopping = false;
  #onEmpty = (): void => undefined;

  constructor(
    private readonly durable: Durable,
    private readonly queue: DurableQueue,
    private readonly handle: Handle,
    private readonly link: Link,
  ) {
    this.#stopListening = link.onFate(this);
  }

  get isFree(): boolean {
    return this.link.isRunning && !this.#isStopping && this.#inHand.size < this.durable.parallel;
  }

  deliver(taken: Taken): void {
    const delivery = { taken, member: this, attempt: taken.attempts + 1 };
    this.#inHand.add(delivery);
    this.link.tell(`gets ${taken.event.id}`, () => void this.#handle(delivery));
  }

  /** A crash may undo what it did last. */
  remember(taken: Taken): void {
    this.acknowledged.push(taken);
    if (this.acknowledged.length > REMEMBERED) this.acknowledged.shift();
  }

  /** Takes it out of the hand. False: it is no longer there. */
  take(delivery: Delivery): boolean {
    if (!this.#inHand.delete(delivery)) return false;
    if (this.#isStopping && this.#inHand.size === 0) this.link.tell('has nothing in hand', () => this.#onEmpty());
    return true;
  }

  /** Gives away all it has in hand. */
  give(): readonly Taken[] {
    const given = [...this.#inHand].map(({ taken }) => taken);
    this.#inHand.clear();
    return given;
  }

  /** Waits up to `grace` milliseconds for what is in hand; 0 ends an earlier wait. */
  async stop(grace: number): Promise<void> {
    this.#isStopping = true;
    if (grace > 0) await this.#emptied(grace);
    else this.#onEmpty();
    await this.link.ask({
      name: `log.leave ${this.durable.name}`,
      isDurable: true,
      effect: () => {
        this.#stopListening();
        this.queue.leave(this);
      },
    });
    this.#grace.abort();
  }

  crashed(): void {
    this.queue.lose(this);
  }

  paused(): void {
    this.queue.missing(this, () => !this.link.isRunning);
  }

  resumed(): void {
    this.queue.dispatch();
  }

  async #handle(delivery: Delivery): Promise<void> {
    const { taken, attempt } = delivery;
    const ending = await this.#ask(this.queue.load(taken), attempt, taken.isAgain);
    await this.link.ask({
      name: `${WHAT_IT_DOES[ending.kind]} ${this.durable.name}`,
      about: taken.event.id,
      isDurable: true,
      effect: () => this.queue.settle(delivery, ending),
    });
  }

  async #ask(event: LoggedEvent, attempt: number, isAgain: boolean): Promise<Ending> {
    try {
      return await this.handle(event, { attempt, isAgain, signal: this.#grace.signal });
    } catch (fault) {
      return { kind: isAway(fault) ? 'away' : 'threw', reason: fault instanceof Error ? fault.message : String(fault) };
    }
  }

  async #emptied(grace: number): Promise<void> {
    if (this.#inHand.size === 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#onEmpty = resolve;
    const cancel = this.link.alarm(this.link.now() + grace, resolve);
    await promise;
    cancel();
  }
}
