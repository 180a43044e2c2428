import type { WorkspaceRights } from '@millrace/auth';
import { DomainError, type Page } from '@millrace/kernel';
import type { CallContext, EventLog } from '@millrace/messaging';
import { byAge, readStanding, writeStanding, type Connected } from '../../../domain/live/connected';
import type { Deeds } from '../../deeds';
import type { RollCall } from '../../ports/roll-call';
import { CLOSED } from './live-connections';

export interface ManageConnectionsParts {
  readonly rights: Pick<WorkspaceRights, 'require'>;
  readonly roll: RollCall;
  readonly eventLog: EventLog;
  readonly deeds: Deeds;
}

/** Shows who follows a workspace, and closes connections, for those who manage its events. */
export class ManageConnections {
  constructor(private readonly parts: ManageConnectionsParts) {}

  /** The newest first, of all instances. Refuses with `events.cursor_invalid`, `events.instance_silent`. */
  async list(context: CallContext, workspace: string, { limit, cursor }: { limit: number; cursor: string }): Promise<Page<Connected>> {
    const { rights, roll } = this.parts;
    const { id: workspaceId } = await rights.require(context, workspace, 'manage', 'events');
    const after = cursor === '' ? {} : { after: readStanding(cursor) };
    const found = (await roll.ask({ workspaceId, limit: limit + 1, ...after })).toSorted(byAge);
    const items = found.slice(0, limit);
    const last = items.at(-1);
    return { items, ...(last !== undefined && found.length > limit ? { nextCursor: writeStanding(last) } : {}) };
  }

  /**
   * When it resolves, the log says who closed it, and the instance that has it closes it as soon as it reads that: nothing that happens later
   * goes over it. Refuses with `events.connection_not_found`, `events.instance_silent`.
   */
  async close(context: CallContext, workspace: string, connection: string): Promise<void> {
    const { rights, roll, eventLog, deeds } = this.parts;
    const { id: workspaceId } = await rights.require(context, workspace, 'manage', 'events');
    const [found] = await roll.ask({ workspaceId, id: connection, limit: 1 });
    if (found === undefined) throw notFound(connection);
    const { transport, kind, principal } = found;
    const deed = { workspaceId, type: CLOSED, payload: { connection, transport, kind, principal }, subject: `connection/${connection}` };
    await eventLog.append([deeds.of(context, deed)]);
  }
}

function notFound(connection: string): DomainError {
  return new DomainError(
    'events.connection_not_found',
    'not-found',
    `No connection "${connection}" follows this workspace; it may have ended. GET …/connections lists those that do.`,
    { facts: { connection } },
  );
}
