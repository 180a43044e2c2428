import { demandAll, demandSome, Permission, PLATFORM_ROLES, type Granted, type KnownWorkspace, type WorkspaceRights } from '@millrace/auth';
import type { CallContext } from '@millrace/messaging';
import type { TopicBook } from '../topics/topic-book';
import { HIDDEN_FROM_MOST, OWN_EVENTS, Readable, SEEN_BY_OPERATORS } from './readable';

/** For who may not read the audit. */
const WITHOUT_AUDIT = [HIDDEN_FROM_MOST];

/** Whose events are those of no workspace. */
const PLATFORM = 'platform';
const OPERATOR = 'platform-operator';

/** What a caller may do with the events of a workspace. */
export class EventRights {
  constructor(
    private readonly rights: WorkspaceRights,
    private readonly topics: Pick<TopicBook, 'of'>,
  ) {}

  /** What they may read; refuses who may read nothing. */
  async toRead(context: CallContext, workspace: string): Promise<Granted> {
    const [granted, audit] = await Promise.all([
      this.rights.permit(context, workspace, 'read', 'events', OWN_EVENTS),
      this.rights.granted(context, workspace, 'read', 'audit'),
    ]);
    const shown = audit.permission.query === true ? granted.permission : granted.permission.with(WITHOUT_AUDIT);
    return { ...granted, permission: await this.withTopics(context, granted.id, shown) };
  }

  /** What they may read, and of which of it alone they may do `action`; refuses who may do it with nothing. */
  async toReadFor(
    context: CallContext,
    workspace: string,
    action: 'aggregate' | 'export',
  ): Promise<{ readonly id: string; readonly readable: Readable }> {
    const [{ permission, ...known }, besides] = await Promise.all([
      this.toRead(context, workspace),
      this.rights.permit(context, workspace, action, 'events'),
    ]);
    return { ...known, readable: new Readable(permission, besides.permission) };
  }

  /** What they may read of its runs, be it nothing. */
  async toReadRuns(context: CallContext, workspace: string): Promise<Permission> {
    return (await this.rights.granted(context, workspace, 'read', 'runs')).permission;
  }

  /** The workspace whose retention they may read or manage. */
  toRetention(context: CallContext, workspace: string, action: 'read' | 'manage'): Promise<KnownWorkspace> {
    return this.rights.require(context, workspace, action, 'retention');
  }

  /** What they may read of what was done in the workspace; refuses who may read nothing of it. */
  toAudit(context: CallContext, workspace: string): Promise<Granted> {
    return this.rights.permit(context, workspace, 'read', 'audit');
  }

  /** What they may read of what was done on the platform. */
  toAuditPlatform(context: CallContext, now: number): Granted {
    return this.onPlatform(context, now, 'read', 'audit');
  }

  /** Refuses who may not do this with the log of the platform. */
  toLog(context: CallContext, now: number, action: 'read' | 'manage'): void {
    this.onPlatform(context, now, action, 'log');
  }

  /** What they may read of the events of all workspaces, because they run the platform. Refuses (`log.read_denied`) who does not. */
  toReadWidely(context: CallContext, now: number): Permission {
    this.toLog(context, now, 'read');
    const permission = byPlatformRoles(context, now, 'read', 'events');
    const seen = context.principal.roles.includes(OPERATOR) ? permission.with([SEEN_BY_OPERATORS]) : permission;
    demandSome(seen, PLATFORM_ROLES);
    return seen;
  }

  /** Their role on the platform says what they may do there, and no workspace. */
  private onPlatform(context: CallContext, now: number, action: string, subject: string): Granted {
    const permission = byPlatformRoles(context, now, action, subject);
    demandAll(permission, PLATFORM_ROLES);
    return { id: PLATFORM, slug: PLATFORM, roles: context.principal.roles, permission };
  }

  /** What they may send; refuses who may send nothing. */
  toSend(context: CallContext, workspace: string): Promise<Granted> {
    return this.rights.permit(context, workspace, 'create', 'events');
  }

  /** Who may read everything need not be in a topic. */
  private async withTopics({ principal: { kind, id } }: CallContext, workspaceId: string, permission: Permission): Promise<Permission> {
    if (kind !== 'user' || permission.query === true) return permission;
    return permission.inTopics(await this.topics.of(workspaceId, id));
  }
}

function byPlatformRoles({ principal }: CallContext, now: number, action: string, subject: string): Permission {
  const rules = principal.roles.flatMap((role) => PLATFORM_ROLES[role] ?? []);
  return Permission.of({ principal, workspaceId: PLATFORM, now, owner: false, suspended: false, rules }, action, subject);
}
