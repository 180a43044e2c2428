import type { WorkspaceRights } from '@millrace/auth';
import type { CallContext } from '@millrace/messaging';
import type { Letter, LetterBox } from './letter-box';
import type { LetterNews } from './letter-news';
import type { Chosen, Redrives } from './redrives';

/** Which dead letters: those named, or those of one fingerprint, or all. */
export interface LetterChoice {
  readonly letters: readonly string[];
  /** Empty: it does not matter. */
  readonly fingerprint: string;
}

export interface ClearDeadLettersParts {
  readonly box: LetterBox;
  readonly redrives: Pick<Redrives, 'begin'>;
  readonly news: LetterNews;
  readonly rights: WorkspaceRights;
}

/** Letters that one call hands out. */
const MOST = 50_000;

/** Empties the dead letters of a workspace: their events are handled after all, or never. */
export class ClearDeadLetters {
  constructor(private readonly parts: ClearDeadLettersParts) {}

  /**
   * Hands the events out again, `rate` of them in a second, also over the end of this process; answers how many without waiting for it. Of
   * more than 50,000 it takes the first. Refuses with `runtime.dead_letter_not_found` when one that is named is not there.
   */
  async redrive(context: CallContext, workspace: string, choice: LetterChoice, rate: number): Promise<number> {
    const workspaceId = await this.admit(context, workspace);
    const letters: Chosen[] = [];
    for await (const { id, lastFailedAt } of this.chosen(workspaceId, choice)) {
      letters.push({ id, lastFailedAt });
      if (letters.length === MOST) break;
    }
    if (letters.length > 0) await this.parts.redrives.begin(context, workspaceId, letters, rate);
    return letters.length;
  }

  /** Removes them; answers how many there were. Refuses as `redrive` does. */
  async discard(context: CallContext, workspace: string, choice: LetterChoice): Promise<number> {
    const { box, news } = this.parts;
    let count = 0;
    for await (const letter of this.chosen(await this.admit(context, workspace), choice)) {
      await news.tell(context, 'discarded', letter);
      if (await box.discard(letter.id)) count += 1;
    }
    return count;
  }

  private async admit(context: CallContext, workspace: string): Promise<string> {
    return (await this.parts.rights.require(context, workspace, 'manage', 'dead-letters')).id;
  }

  /** One that is named twice comes once. */
  private async *chosen(workspaceId: string, { letters, fingerprint }: LetterChoice): AsyncGenerator<Letter> {
    const { box } = this.parts;
    if (letters.length === 0) yield* box.each(workspaceId, fingerprint);
    else yield* await Promise.all([...new Set(letters)].map((letter) => box.get(workspaceId, letter)));
  }
}
