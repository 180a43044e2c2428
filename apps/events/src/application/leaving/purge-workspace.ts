import { matchesPattern } from '@millrace/language';
import type { DeadLetters, EventLog, LoggedEvent, Position } from '@millrace/messaging';
import type { Retentions } from '../ports/retentions';
import { AUDITED } from '../reading/audited';
import type { Purge } from '../retention/purge';
import { AUDIT_ALONE } from '../retention/rules';
import type { TopicBook } from '../topics/topic-book';

export interface PurgeWorkspaceParts {
  readonly retentions: Retentions;
  readonly topics: Pick<TopicBook, 'removeAll'>;
  readonly purge: Pick<Purge, 'clear'>;
  readonly eventLog: Pick<EventLog, 'read' | 'remove'>;
  /** Of the history. */
  readonly letters: Pick<DeadLetters, 'list' | 'discard'>;
}

const AT_ONCE = 200;
/** What a payload consists of that was erased, or that never said anything. */
const NOTHING = new Set(new TextEncoder().encode('{ }'));

/**
 * Removes what is kept of a workspace that is gone for good: topics, what its events said, how long they were to be kept. Its audit lives on, for
 * as long as any; and it stays known that nothing else of it is kept, for what comes into the history late.
 */
export class PurgeWorkspace {
  constructor(private readonly parts: PurgeWorkspaceParts) {}

  /** Answers how much of what there was. May be repeated: it goes on where it was stopped. */
  async run(workspaceId: string): Promise<Readonly<Record<string, number>>> {
    const { retentions, topics, purge } = this.parts;
    await retentions.write(workspaceId, AUDIT_ALONE);
    return {
      topics: await topics.removeAll(workspaceId),
      deadLetters: await this.discard(workspaceId),
      erased: await this.erase(workspaceId),
      history: await purge.clear(workspaceId, new AbortController().signal),
    };
  }

  private async discard(workspaceId: string): Promise<number> {
    const { letters } = this.parts;
    let count = 0;
    for (let after: string | undefined; ;) {
      const page = await letters.list(AT_ONCE, after);
      for (const { id, event } of page) if (event.workspaceId === workspaceId && (await letters.discard(id))) count += 1;
      after = page.at(-1)?.id;
      if (after === undefined) return count;
    }
  }

  /** What the log still has of the workspace loses what it said. */
  private async erase(workspaceId: string): Promise<number> {
    let [count, some]: [number, Position[]] = [0, []];
    const eraseSome = async (): Promise<void> => {
      if (some.length > 0) await this.parts.eventLog.remove(some);
      count += some.length;
      some = [];
    };
    for await (const event of this.parts.eventLog.read('first', `${workspaceId}.>`, { live: false })) {
      if (!isToGo(event)) continue;
      some.push(event.position);
      if (some.length === AT_ONCE) await eraseSome();
    }
    await eraseSome();
    return count;
  }
}

function isToGo({ type, payload }: LoggedEvent): boolean {
  return payload.some((byte) => !NOTHING.has(byte)) && !AUDITED.some((pattern) => matchesPattern(pattern, type));
}
