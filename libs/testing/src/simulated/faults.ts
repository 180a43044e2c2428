import type { Chance } from './time/chance';

/** What may go wrong in a world, and how often. Shares are from 0 (never) to 1 (always). */
export interface Faults {
  /** Milliseconds until what a crashed or paused process had in hand is delivered again, at most. Default 10 s. */
  readonly redelivery: number;
  /** Acknowledgements that arrive and are lost all the same: the event is delivered once more. Default 0.05. */
  readonly lostAcks: number;
  /** Of its last acknowledgements, those that a crash undoes. Default 0.3. */
  readonly forgottenAcks: number;
}

const USUAL: Faults = { redelivery: 10_000, lostAcks: 0.05, forgottenAcks: 0.3 };

/** Decides what goes wrong. Without chance nothing does. */
export class Misfortune {
  readonly #faults: Faults;

  constructor(
    readonly chance: Chance | undefined,
    faults: Partial<Faults> = {},
  ) {
    this.#faults = { ...USUAL, ...faults };
  }

  /** Milliseconds until somebody else gets what a process had. */
  lateness(): number {
    const { redelivery } = this.#faults;
    return this.chance === undefined ? redelivery : this.chance.below(redelivery + 1);
  }

  losesAck(): boolean {
    return this.chance?.happens(this.#faults.lostAcks) ?? false;
  }

  forgetsAck(): boolean {
    return this.chance?.happens(this.#faults.forgottenAcks) ?? false;
  }
}
