import { BUILT_IN_ROLES, demandAll, demandOn, demandSome, Permission, type Roles } from '@millrace/auth';
import type { Collection, Stored } from '@millrace/documents';
import { isId, type Principal } from '@millrace/kernel';
import type { CallContext } from '@millrace/messaging';
import { isHidden } from '../domain/life';
import { workspaceMissing, type Workspace } from '../domain/workspace';
import type { Invitations } from './members/invitations';
import type { Entries } from './rights/entries';
import type { Place, Standings } from './rights/standings';
import type { HeldShares } from './sharing/held-shares';
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

export interface AccessParts {
  readonly workspaces: Collection<Workspace>;
  readonly standings: Pick<Standings, 'of'>;
  readonly aliases: SlugAliases;
  readonly invitations: Pick<Invitations, 'bind'>;
  readonly shares: Pick<HeldShares, 'bind'>;
  readonly entries: Pick<Entries, 'note'>;
}

/** The door of every use case that touches a workspace: finds it by id or slug and decides what the caller may do there. */
export class Access {
  constructor(private readonly parts: AccessParts) {}

  /** The workspace, if a rule allows the action without conditions. A stranger is told it does not exist. */
  async require(context: CallContext, name: string, action: string, subject: string): Promise<Entered> {
    const entered = await this.enter(context, name);
    demandDeed(entered, { action, subject });
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

  /**
   * The workspace and what the caller has in it; who was invited is a member from then on, and what was shared with their address is theirs.
   * Who has nothing there is told that it does not exist.
   */
  async enter(context: CallContext, name: string): Promise<Entered> {
    const stored = await this.find(name);
    // Rights are asked for where nothing is, too: how long the refusal takes must not tell the one from the other.
    const standing = await this.parts.standings.of(stored?.document ?? nothingAt(name), context.principal);
    const isThere = stored !== undefined && isWithin(context.principal, stored.document.id);
    if (!isThere || standing.rules.length === 0) throw workspaceMissing(name);
    if (standing.invited !== undefined) await this.parts.invitations.bind(context, standing.invited);
    await this.parts.shares.bind(standing.shares, context.principal.id);
    await this.parts.entries.note(context, standing);
    return { stored, workspace: stored.document, standing };
  }

  /** A workspace that the caller makes, before anybody finds it. */
  async enterAnew({ principal }: CallContext, stored: Stored<Workspace>): Promise<Entered> {
    return { stored, workspace: stored.document, standing: await this.parts.standings.of(stored.document, principal) };
  }

  /** As `enter`, for whom the runtime acts for. No other service asks for anybody but who called it. */
  enterFor(context: CallContext, name: string, actedFor: Principal): Promise<Entered> {
    const { kind, id } = context.principal;
    if (kind !== 'service' || id !== 'runtime') throw workspaceMissing(name);
    return this.enter({ ...context, principal: actedFor }, name);
  }

  /** The workspace of this slug, or the one that had it lately. */
  private async called(slug: string): Promise<Stored<Workspace> | undefined> {
    const stored = await this.parts.workspaces.findBy('slug', slug);
    if (stored !== undefined) return stored;
    const id = await this.parts.aliases.find(slug);
    return id === undefined ? undefined : this.parts.workspaces.find(id);
  }

  /** A workspace that exists, whoever asks: for other services. */
  async find(name: string): Promise<Stored<Workspace> | undefined> {
    const stored = isId('ws', name) ? await this.parts.workspaces.find(name) : await this.called(name);
    return stored === undefined || isHidden(stored.document) ? undefined : stored;
  }
}

/** A workspace that is not there, as far as it takes to ask for rights in it. */
function nothingAt(id: string): Workspace {
  return { id, slug: '', name: '', description: '', owner: '', state: 'active', createdAt: 0, updatedAt: 0 };
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

/** Refuses unless the caller may do it to every object there. */
export function demandDeed(entered: Entered, { action, subject }: Deed): void {
  demandAll(Permission.of(entered.standing, action, subject), rolesIn(entered));
}

/** Whether the caller may do it to every object there. */
export function mayDo({ standing }: Entered, { action, subject }: Deed): boolean {
  const { query, fields } = Permission.of(standing, action, subject);
  return query === true && fields.open;
}

/** Refuses unless the caller may do it to this object. */
export function demandObject(permitted: Permitted, object: object): void {
  demandOn(permitted.permission, object, rolesIn(permitted));
}

/** The roles to name to who is refused: the workspace's own among them. */
function rolesIn({ standing: { book } }: Entered): Roles {
  return { ...BUILT_IN_ROLES, ...Object.fromEntries(Object.entries(book.roles).map(([name, { rules }]) => [name, rules])) };
}
