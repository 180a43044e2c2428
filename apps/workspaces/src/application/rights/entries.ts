import type { Principal } from '@millrace/kernel';
import type { CallContext, EventLog } from '@millrace/messaging';
import type { Facts } from '../facts';
import type { Place } from './standings';

export const ENTERED = 'workspaces.entered';
const ADMINISTRATOR = 'platform-admin';
/** Milliseconds for which somebody who entered is in. */
const STAY = 3_600_000;
const MOST_REMEMBERED = 10_000;

/** Tells the audit of a workspace who comes in because they run the platform, and not because anybody of the workspace let them in. */
export class Entries {
  /** Until when who is where, the longest known first. */
  private readonly inside = new Map<string, number>();

  constructor(
    private readonly eventLog: Pick<EventLog, 'append'>,
    private readonly facts: Facts,
  ) {}

  /** Resolves when the log has it: until then nothing is answered. Once an hour for each sign-in, by each process. */
  async note(context: CallContext, { workspaceId, now, roles, shares }: Place): Promise<void> {
    const { principal } = context;
    if (!runsThePlatform(principal) || roles.length > 0 || shares.length > 0) return;
    const key = JSON.stringify([workspaceId, principal.id, principal.session]);
    if ((this.inside.get(key) ?? 0) > now) return;
    const payload = { user: principal.id, role: ADMINISTRATOR };
    await this.eventLog.append([this.facts.of(context, { workspaceId, type: ENTERED, subject: `workspace/${workspaceId}`, payload })]);
    this.remember(key, now + STAY);
  }

  private remember(key: string, until: number): void {
    this.inside.delete(key);
    this.inside.set(key, until);
    const [first] = this.inside.keys();
    if (this.inside.size > MOST_REMEMBERED && first !== undefined) this.inside.delete(first);
  }
}

function runsThePlatform({ kind, roles }: Principal): boolean {
  return kind === 'user' && roles.includes(ADMINISTRATOR);
}
