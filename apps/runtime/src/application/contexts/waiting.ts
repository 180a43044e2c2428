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

/** One who waits for a key to be changed. */
export interface Waiting {
  readonly guard: Guard | undefined;
  /** What the change makes of an entry; what it throws is kept for whoever waits, and writes nothing. */
  readonly apply: (found: Entry | undefined) => Write;
  /** What was applied last has been written. */
  readonly tell: () => void;
  readonly fail: (error: unknown) => void;
}

export interface WaitingParts<Answer> {
  readonly make: Make<Answer>;
  readonly guard: Guard | undefined;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

export function waiting<Answer>({ make, guard, resolve, reject }: WaitingParts<Answer>): Waiting {
  let outcome = (): void => undefined;
  return {
    guard,
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
