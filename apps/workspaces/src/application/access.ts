import { BUILT_IN_ROLES, demandAll, demandOn, demandSome, Permission, type Roles } from '@millrace/auth';
import type { Collection, Stored } from '@millrace/documents';
import { isId, type Principal } from '@millrace/kernel';
import type { CallContext } from '@millrace/messaging';
import { workspaceMissing, type Workspace } from '../domain/workspace';
import type { Place, Standings } from './rights/standings';
import type { SlugAliases } from './slug-aliases';

export interface Entered {
  readonly stored: Stored<Workspace>;
  readonly workspace: Workspace;
  readonly standing: Place;
}

/** What a caller may do to the objects of a subject, in a workspace. */
export interface Permitted extends Entered {
  readonly permission: Permission;
}

/** The door of every use case that touches a workspace: finds it by id or slug and decides what the caller may do there. */
export class Access {
  constructor(
    private readonly workspaces: Collection<Workspace>,
    private readonly standings: Standings,
    private readonly aliases: SlugAliases,
  ) {}

  /** The workspace, if a rule allows the action without conditions. A stranger is told it does not exist. */
  async require(context: CallContext, name: string, action: string, subject: string): Promise<Entered> {
    const entered = await this.enter(context, name);
    demandAll(Permission.of(entered.standing, action, subject), rolesIn(entered));
    return entered;
  }

  /** As `require`, in a suspended workspace too: for what ends that. */
  async requireAnyhow(context: CallContext, name: string, action: string, subject: string): Promise<Entered> {
    const entered = await this.enter(context, name);
    demandAll(Permission.of({ ...entered.standing, suspended: false }, action, subject), rolesIn(entered));
    return entered;
  }

  /** The workspace, and on which objects the caller may do the action; refuses who may do it on none. */
  async permit(context: CallContext, name: string, action: string, subject: string): Promise<Permitted> {
    const entered = await this.enter(context, name);
    const permission = Permission.of(entered.standing, action, subject);
    demandSome(permission, rolesIn(entered));
    return { ...entered, permission };
  }

  /** The workspace and what the caller has in it. Who has nothing there is told that it does not exist. */
  async enter(context: CallContext, name: string): Promise<Entered> {
    const stored = await this.find(name);
    if (stored === undefined || !isWithin(context.principal, stored.document.id)) throw workspaceMissing(name);
    const standing = await this.standings.of(stored.document, context.principal);
    if (standing.rules.length === 0) throw workspaceMissing(name);
    return { stored, workspace: stored.document, standing };
  }

  /** The workspace of this slug, or the one that had it lately. */
  private async called(slug: string): Promise<Stored<Workspace> | undefined> {
    const stored = await this.workspaces.findBy('slug', slug);
    if (stored !== undefined) return stored;
    const id = await this.aliases.find(slug);
    return id === undefined ? undefined : this.workspaces.find(id);
  }

  /** A workspace that exists, whoever asks: for other services. */
  async find(name: string): Promise<Stored<Workspace> | undefined> {
    const stored = isId('ws', name) ? await this.workspaces.find(name) : await this.called(name);
    return stored?.document.state === 'deleted' ? undefined : stored;
  }
}

/** Whether the caller's credential is for this workspace: one that is for others knows nothing of it. */
function isWithin({ workspace, workspaces }: Principal, id: string): boolean {
  return (workspace ?? id) === id && (workspaces?.includes(id) ?? true);
}

/** What is done, to what. */
export interface Deed {
  readonly action: string;
  readonly subject: string;
}

/** Refuses unless the caller may do it to this object. */
export function demandObject(permitted: Permitted, object: object): void {
  demandOn(permitted.permission, object, rolesIn(permitted));
}

/** The roles to name to who is refused: the workspace's own among them. */
function rolesIn({ standing: { book } }: Entered): Roles {
  return { ...BUILT_IN_ROLES, ...Object.fromEntries(Object.entries(book.roles).map(([name, { rules }]) => [name, rules])) };
}
