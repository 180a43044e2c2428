import type { Ids } from '@millrace/kernel';
import type { CallContext } from '@millrace/messaging';
import type { Announcements } from '../announcements';
import type { Letter } from './letter-box';

/** Tells what becomes of dead letters. */
export class LetterNews {
  constructor(
    private readonly announcements: Announcements,
    private readonly ids: Ids,
  ) {}

  /**
   * To be called before it is done, so that nothing goes unsaid: who is cut off in between does it again, and it is told once for each time
   * the letter failed.
   */
  async tell(by: Pick<CallContext, 'principal' | 'correlationId'>, what: 'discarded' | 'redriven', letter: Letter): Promise<void> {
    const { id, fingerprint, automation, event, lastFailedAt } = letter;
    const payload = { letter: id, fingerprint, automation, event: event.id };
    const once = { id: this.ids.derive('evt', what, id, event.id, String(lastFailedAt)) };
    await this.announcements.tell(by, event.workspaceId, `runtime.dead-letters.${what}`, payload, once);
  }
}
