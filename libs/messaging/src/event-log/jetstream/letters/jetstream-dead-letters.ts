import type { DeadLetter, DeadLetters } from '../../event-log';
import { eventOf } from './letters';
import type { Letters, StoredLetter } from './letters';

/** The dead letters of one durable. Their ids are the sequences of their events. One that fails again after a redrive goes to the end of the list. */
export class JetStreamDeadLetters implements DeadLetters {
  constructor(
    private readonly durable: string,
    private readonly letters: Letters,
  ) {}

  async list(limit: number, after?: string): Promise<readonly DeadLetter[]> {
    const begin = after === undefined ? undefined : await this.#find(after);
    if (after === undefined || begin !== undefined) return (await this.letters.list(this.durable, begin, limit)).map(deadLetterOf);
    // The letter is gone since: those of later events are what comes after it, as nearly as can be told.
    const all = await this.letters.list(this.durable, undefined, Infinity);
    return all
      .filter(({ sequence }) => sequence > Number(after))
      .slice(0, limit)
      .map(deadLetterOf);
  }

  async get(id: string): Promise<DeadLetter | undefined> {
    const letter = await this.#find(id);
    return letter && deadLetterOf(letter);
  }

  async redrive(id: string): Promise<boolean> {
    const letter = await this.#find(id);
    if (letter === undefined) return false;
    await this.letters.redrive(this.durable, letter.sequence);
    return true;
  }

  async discard(id: string): Promise<boolean> {
    const sequence = sequenceOf(id);
    return sequence !== undefined && this.letters.delete(this.durable, sequence);
  }

  async #find(id: string): Promise<StoredLetter | undefined> {
    const sequence = sequenceOf(id);
    return sequence === undefined ? undefined : this.letters.get(this.durable, sequence);
  }
}

function deadLetterOf(letter: StoredLetter): DeadLetter {
  const { sequence, durable, reason, attempts, firstFailedAt, lastFailedAt } = letter;
  return { id: String(sequence), durable, event: eventOf(letter), reason, attempts, firstFailedAt, lastFailedAt };
}

function sequenceOf(id: string): number | undefined {
  return /^[1-9]\d{0,14}$/.test(id) ? Number(id) : undefined;
}
