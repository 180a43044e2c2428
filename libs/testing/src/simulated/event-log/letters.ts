import type { DeadLetter, LoggedEvent } from '@millrace/messaging';
import type { Taken } from './taken';

/** A dead letter, and whether it is on its way to the handler once more. */
export interface Letter {
  readonly sequence: number;
  content: DeadLetter;
  isRedriving: boolean;
}

/** The dead letters of one durable, in the order they came. */
export class Letters {
  readonly #letters = new Map<string, Letter>();
  #sequence = 0;

  constructor(private readonly durable: string) {}

  put(taken: Taken, event: LoggedEvent, now: number): void {
    const sequence = ++this.#sequence;
    const { reason, attempts, firstFailedAt = now } = taken;
    const content = { id: String(sequence), durable: this.durable, event, reason, attempts, firstFailedAt, lastFailedAt: now };
    this.#letters.set(content.id, { sequence, content, isRedriving: false });
  }

  /** Oldest first, after the letter `after`. */
  list(limit: number, after = '0'): readonly DeadLetter[] {
    const newer = [...this.#letters.values()].filter(({ sequence }) => sequence > Number(after));
    return newer.slice(0, limit).map(({ content }) => content);
  }

  find(id: string): Letter | undefined {
    return this.#letters.get(id);
  }

  /** False: no such letter. */
  discard(id: string): boolean {
    return this.#letters.delete(id);
  }

  /** One more try of it failed: it stays. */
  failAgain(letter: Letter, { reason, attempts }: Taken, now: number): void {
    letter.isRedriving = false;
    letter.content = { ...letter.content, reason, attempts, lastFailedAt: now };
  }

  erase(event: LoggedEvent): void {
    for (const letter of this.#letters.values()) {
      if (letter.content.event.position.offset === event.position.offset) letter.content = { ...letter.content, event };
    }
  }
}
