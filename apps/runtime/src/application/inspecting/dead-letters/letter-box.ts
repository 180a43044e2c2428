import { DomainError, type Ids } from '@millrace/kernel';
import type { DeadLetter, DeadLetters } from '@millrace/messaging';
import { automationIn, fingerprintOf } from '../../../domain/dead-letters/fingerprint';

/** A dead letter, and what it has in common with others. */
export interface Letter extends DeadLetter {
  /** Empty: no run had begun. */
  readonly automation: string;
  readonly fingerprint: string;
}

const AT_ONCE = 200;

/** The dead letters of the runtime, by workspace. */
export class LetterBox {
  constructor(
    private readonly letters: DeadLetters,
    private readonly ids: Ids,
  ) {}

  /**
   * Those of a workspace, oldest first, few at a time in memory; of one fingerprint if it is not empty. Whoever asks may remove each as it
   * comes.
   */
  async *each(workspaceId: string, fingerprint = ''): AsyncGenerator<Letter> {
    let page = await this.letters.list(AT_ONCE);
    while (page.length > 0) {
      // Before anybody removes what the next page is behind.
      const next = page.length < AT_ONCE ? [] : await this.letters.list(AT_ONCE, page.at(-1)?.id);
      const own = page.filter(({ event }) => event.workspaceId === workspaceId).map((letter) => this.letter(letter));
      yield* own.filter((letter) => fingerprint === '' || letter.fingerprint === fingerprint);
      page = next;
    }
  }

  async find(workspaceId: string, id: string): Promise<Letter | undefined> {
    const letter = await this.letters.get(id);
    return letter?.event.workspaceId === workspaceId ? this.letter(letter) : undefined;
  }

  /** Refuses with `runtime.dead_letter_not_found`. */
  async get(workspaceId: string, id: string): Promise<Letter> {
    const letter = await this.find(workspaceId, id);
    if (letter === undefined) throw letterMissing(id);
    return letter;
  }

  /** False: it is not there any more. */
  redrive(id: string): Promise<boolean> {
    return this.letters.redrive(id);
  }

  /** False: it is not there any more. */
  discard(id: string): Promise<boolean> {
    return this.letters.discard(id);
  }

  private letter(letter: DeadLetter): Letter {
    const { reason, event } = letter;
    return { ...letter, automation: automationIn(reason), fingerprint: fingerprintOf({ reason, type: event.type }, this.ids) };
  }
}

function letterMissing(id: string): DomainError {
  const message = `There is no dead letter "${id}" here: it was discarded, or its event has been handled after all.`;
  return new DomainError('runtime.dead_letter_not_found', 'not-found', message, { facts: { letter: id } });
}
