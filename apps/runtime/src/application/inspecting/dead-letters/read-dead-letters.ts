import type { WorkspaceRights } from '@millrace/auth';
import type { Page } from '@millrace/kernel';
import type { CallContext } from '@millrace/messaging';
import { pageOf, pageOfEach, timeKey, type PageRequest } from '../cursors';
import type { Letter, LetterBox } from './letter-box';

export type { Letter } from './letter-box';

/** Dead letters that failed in the same way; times are milliseconds since 1970. */
export interface LetterGroup {
  readonly fingerprint: string;
  readonly automation: string;
  /** Of the latest of them. */
  readonly reason: string;
  readonly count: number;
  readonly firstFailedAt: number;
  readonly lastFailedAt: number;
}

export interface ReadDeadLettersParts {
  readonly box: LetterBox;
  readonly rights: WorkspaceRights;
}

const EMPTY = new TextEncoder().encode('{}');

/** Shows the dead letters of a workspace. */
export class ReadDeadLetters {
  constructor(private readonly parts: ReadDeadLettersParts) {}

  /** Oldest first; of one fingerprint if it is not empty. */
  async list(context: CallContext, workspace: string, fingerprint: string, { limit, cursor }: PageRequest): Promise<Page<Letter>> {
    const workspaceId = await this.admit(context, workspace);
    const keyOf = ({ id, firstFailedAt }: Letter) => timeKey(firstFailedAt, id);
    return pageOfEach(this.parts.box.each(workspaceId, fingerprint), { limit, cursor, order: 'ascending', keyOf });
  }

  /** What they have in common, the most frequent first. */
  async groups(context: CallContext, workspace: string, { limit, cursor }: PageRequest): Promise<Page<LetterGroup>> {
    const workspaceId = await this.admit(context, workspace);
    const groups = new Map<string, LetterGroup>();
    for await (const letter of this.parts.box.each(workspaceId)) {
      groups.set(letter.fingerprint, joined(groups.get(letter.fingerprint), letter));
    }
    const keyOf = ({ count, fingerprint }: LetterGroup) => timeKey(count, fingerprint);
    return pageOf([...groups.values()], { limit, cursor, order: 'descending', keyOf });
  }

  /** With the payload of its event for those who may read all events, and empty for others: operators of the platform see none. */
  async get(context: CallContext, workspace: string, id: string): Promise<Letter> {
    const letter = await this.parts.box.get(await this.admit(context, workspace), id);
    const { permission } = await this.parts.rights.granted(context, workspace, 'read', 'events');
    if (permission.query === true && permission.fields.open) return letter;
    return { ...letter, event: { ...letter.event, payload: EMPTY } };
  }

  private async admit(context: CallContext, workspace: string): Promise<string> {
    return (await this.parts.rights.require(context, workspace, 'read', 'dead-letters')).id;
  }
}

function joined(group: LetterGroup | undefined, letter: Letter): LetterGroup {
  const { fingerprint, automation, reason, firstFailedAt, lastFailedAt } = letter;
  if (group === undefined) return { fingerprint, automation, reason, count: 1, firstFailedAt, lastFailedAt };
  return {
    ...{ fingerprint, automation, count: group.count + 1 },
    reason: lastFailedAt >= group.lastFailedAt ? reason : group.reason,
    firstFailedAt: Math.min(group.firstFailedAt, firstFailedAt),
    lastFailedAt: Math.max(group.lastFailedAt, lastFailedAt),
  };
}
