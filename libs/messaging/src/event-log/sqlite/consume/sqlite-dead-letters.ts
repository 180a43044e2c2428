import type { DeadLetter, DeadLetters } from '../../event-log';
import type { StoredLetter } from '../store/dead-table';
import { loggedEvent } from '../store/stored-event';
import type { RunParts } from './run-parts';

/** The dead letters of one durable. Their ids are numbers in the order they came. */
export class SqliteDeadLetters implements DeadLetters {
  constructor(
    private readonly durable: string,
    private readonly parts: Pick<RunParts, 'dead' | 'commit'>,
    /** Hands a letter to the durable if it is at work here; if not, its next run finds it. */
    private readonly onRedrive: (letter: StoredLetter) => void,
  ) {}

  async list(limit: number, after?: string): Promise<readonly DeadLetter[]> {
    const letters = this.parts.dead.list(this.durable, after === undefined ? 0 : (sequenceOf(after) ?? 0), limit);
    return letters.map((letter) => this.#letter(letter));
  }

  async get(id: string): Promise<DeadLetter | undefined> {
    const letter = this.#find(id);
    return letter && this.#letter(letter);
  }

  redrive(id: string): Promise<boolean> {
    return this.parts.commit.run(
      () => this.parts.dead.markRedriving(this.durable, sequenceOf(id) ?? 0),
      () => {
        const letter = this.#find(id);
        if (letter !== undefined) this.onRedrive(letter);
      },
    );
  }

  discard(id: string): Promise<boolean> {
    return this.parts.commit.run(() => this.parts.dead.delete(this.durable, sequenceOf(id) ?? 0));
  }

  #find(id: string): StoredLetter | undefined {
    const sequence = sequenceOf(id);
    return sequence === undefined ? undefined : this.parts.dead.get(this.durable, sequence);
  }

  #letter(letter: StoredLetter): DeadLetter {
    const { seq, reason, attempts, firstFailedAt, lastFailedAt } = letter;
    const event = loggedEvent(letter, letter.body);
    return { id: String(seq), durable: this.durable, event, reason, attempts, firstFailedAt, lastFailedAt };
  }
}

function sequenceOf(id: string): number | undefined {
  return /^[1-9]\d{0,14}$/.test(id) ? Number(id) : undefined;
}
