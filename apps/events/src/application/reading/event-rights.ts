import type { Granted, WorkspaceRights } from '@millrace/auth';
import type { CallContext } from '@millrace/messaging';
import { HIDDEN_FROM_MOST, OWN_EVENTS } from './readable';

/** What a caller may do with the events of a workspace. */
export class EventRights {
  constructor(private readonly rights: WorkspaceRights) {}

  /** What they may read; refuses who may read nothing. */
  async toRead(context: CallContext, workspace: string): Promise<Granted> {
    const [granted, audit] = await Promise.all([
      this.rights.permit(context, workspace, 'read', 'events', OWN_EVENTS),
      this.rights.granted(context, workspace, 'read', 'audit'),
    ]);
    return audit.permission.query === true ? granted : { ...granted, permission: granted.permission.with([HIDDEN_FROM_MOST]) };
  }

  /** What they may send; refuses who may send nothing. */
  toSend(context: CallContext, workspace: string): Promise<Granted> {
    return this.rights.permit(context, workspace, 'create', 'events');
  }
}
