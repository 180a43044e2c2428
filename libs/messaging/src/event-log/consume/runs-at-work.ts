import type { Consumption } from '../event-log';
import type { Hand, Handed } from './hand';

/** One durable at work in this process: hands its events out to whoever consumes it. */
export interface RunAtWork<Item extends Handed> {
  join(hand: Hand<Item>): void;
  /** Takes the hand out; resolves when what it had is done, or given back. */
  leave(hand: Hand<Item>, grace: number): Promise<void>;
}

/** The durables at work in this process, and whose hand belongs to which. A run begins when the one before it of the same durable is over. */
export class RunsAtWork<Item extends Handed, Run extends RunAtWork<Item>> {
  readonly #runs = new Map<string, Run>();
  /** Runs that save or give back what they had. */
  readonly #endings = new Map<string, Promise<void>>();
  readonly #owners = new Map<Hand<Item>, Run>();
  #isStopped = false;

  /** Whether everything was stopped: nothing may begin any more. */
  get isStopped(): boolean {
    return this.#isStopped;
  }

  get all(): readonly Run[] {
    return [...this.#runs.values()];
  }

  of(durable: string): Run | undefined {
    return this.#runs.get(durable);
  }

  /** Resolves when no run of the durable is on its way out. */
  async isFree(durable: string): Promise<void> {
    while (this.#endings.has(durable)) await this.#endings.get(durable);
  }

  /** Gives the hand to the durable's run; `begin` makes it when there is none, and is told what to call when no hand is left. */
  join(durable: string, hand: Hand<Item>, begin: (onEnd: (ended: Promise<void>) => void) => Run): void {
    const run = this.#runs.get(durable) ?? this.#begin(durable, begin);
    this.#owners.set(hand, run);
    run.join(hand);
  }

  /** What whoever consumes with this hand is given. */
  consumptionOf(hand: Hand<Item>): Consumption {
    let left: Promise<void> | undefined;
    return { stop: (grace) => (left ??= this.#leave(hand, grace)) };
  }

  /** Stops everything without grace. */
  async stopAll(): Promise<void> {
    this.#isStopped = true;
    await Promise.all([...this.#owners.keys()].map((hand) => this.#leave(hand, 0)));
    await Promise.all(this.#endings.values());
  }

  async #leave(hand: Hand<Item>, grace: number): Promise<void> {
    await this.#owners.get(hand)?.leave(hand, grace);
    this.#owners.delete(hand);
  }

  #begin(durable: string, begin: (onEnd: (ended: Promise<void>) => void) => Run): Run {
    const run = begin((ended) => {
      this.#runs.delete(durable);
      this.#endings.set(durable, ended);
      const forget = (): void => void this.#endings.delete(durable);
      ended.then(forget, forget);
    });
    this.#runs.set(durable, run);
    return run;
  }
}
