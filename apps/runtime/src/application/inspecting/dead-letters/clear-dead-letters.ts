import type { WorkspaceRights } from '@millrace/auth';
import type { Alarms, Clock, Ids } from '@millrace/kernel';
import type { CallContext } from '@millrace/messaging';
import type { Log } from '@millrace/observability';
import type { Announcements } from '../announcements';
import type { Letter, LetterBox } from './letter-box';

/** Which dead letters: those named, or those of one fingerprint, or all. */
export interface LetterChoice {
  readonly letters: readonly string[];
  /** Empty: it does not matter. */
  readonly fingerprint: string;
}

export interface ClearDeadLettersParts {
  readonly box: LetterBox;
  readonly rights: WorkspaceRights;
  readonly announcements: Announcements;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly alarms: Alarms;
  readonly log: Log;
}

/** Empties the dead letters of a workspace: their events are handled after all, or never. */
export class ClearDeadLetters {
  constructor(private readonly parts: ClearDeadLettersParts) {}

  /**
   * Hands the events out again, `rate` of them in a second, and answers how many without waiting for it. What is left when this process
   * ends stays a dead letter. Refuses with `runtime.dead_letter_not_found` when one that is named is not there.
   */
  async redrive(context: CallContext, workspace: string, choice: LetterChoice, rate: number): Promise<number> {
    const letters = await this.choose(context, workspace, choice);
    const { clock } = this.parts;
    const begun = clock.now();
    const handOut = (index: number): void => {
      const letter = letters[index];
      if (letter === undefined) return;
      this.parts.alarms.set(begun + (index * 1000) / rate, () => {
        this.redriveOne(context, letter)
          .catch((error: unknown) => this.parts.log.warn('A dead letter could not be handed out again.', { error, letter: letter.id }))
          .finally(() => handOut(index + 1));
      });
    };
    handOut(0);
    return letters.length;
  }

  /** Removes them; answers how many there were. Refuses as `redrive` does. */
  async discard(context: CallContext, workspace: string, choice: LetterChoice): Promise<number> {
    let count = 0;
    for (const letter of await this.choose(context, workspace, choice)) {
      await this.tell(context, 'discarded', letter);
      if (await this.parts.box.discard(letter.id)) count += 1;
    }
    return count;
  }

  private async choose(context: CallContext, workspace: string, { letters, fingerprint }: LetterChoice): Promise<readonly Letter[]> {
    const { rights, box } = this.parts;
    const { id } = await rights.require(context, workspace, 'manage', 'dead-letters');
    if (letters.length === 0) return box.list(id, fingerprint);
    return Promise.all([...new Set(letters)].map((letter) => box.get(id, letter)));
  }

  private async redriveOne(context: CallContext, letter: Letter): Promise<void> {
    await this.tell(context, 'redriven', letter);
    await this.parts.box.redrive(letter.id);
  }

  /** Before it is done, so that nothing goes unsaid: who is cut off in between does it again, and it is told once for each time it failed. */
  private async tell(context: CallContext, what: 'discarded' | 'redriven', letter: Letter): Promise<void> {
    const { announcements, ids } = this.parts;
    const { id, fingerprint, automation, event, lastFailedAt } = letter;
    const payload = { letter: id, fingerprint, automation, event: event.id };
    const once = { id: ids.derive('evt', what, id, event.id, String(lastFailedAt)) };
    await announcements.tell(context, event.workspaceId, `runtime.dead-letters.${what}`, payload, once);
  }
}
