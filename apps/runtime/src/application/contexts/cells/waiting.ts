import type { Entry } from '@millrace/messaging';

/** What becomes of a key. `value` absent: it stays; null: it goes. */
export interface Change<Answer> {
  readonly answer: Answer;
  readonly value?: Uint8Array | null;
  /** Milliseconds that the value lives; absent: for ever. */
  readonly ttl?: number | undefined;
}

/** What is written of a change. */
export type Write = Omit<Change<unknown>, 'answer'>;

export type Make<Answer> = (found: Entry | undefined) => Change<Answer>;

/** Throws when whoever writes must not any more. */
export type Guard = () => Promise<void>;

/** Why somebody may write. */
export interface Right {
  readonly guard?: Guard | undefined;
  /**
   * An instant at which nobody else could have written in their place, as long as that is good for anything: over what has been known since
   * before then the guard is not asked.
   */
  readonly ownedAt?: (() => number | undefined) | undefined;
}

/** One who waits for a key to be changed. */
export interface Waiting {
  readonly right: Right;
  /** What the change makes of an entry; what it throws is kept for whoever waits, and writes nothing. */
  readonly apply: (found: Entry | undefined) => Write;
  /** What was applied last has been written. */
  readonly tell: () => void;
  readonly fail: (error: unknown) => void;
}

export interface WaitingParts<Answer> {
  readonly make: Make<Answer>;
  readonly right: Right;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

export function waiting<Answer>({ make, right, resolve, reject }: WaitingParts<Answer>): Waiting {
  let outcome = (): void => undefined;
  return {
    right,
    apply: (found) => {
      try {
        const { answer, ...write } = make(found);
        outcome = () => resolve(answer);
        return write;
      } catch (error) {
        outcome = () => reject(error);
        return {};
      }
    },
    tell: () => outcome(),
    fail: reject,
  };
}
