import { BUILT_IN_ROLES } from '@millrace/auth';
import type { Collection, Stored } from '@millrace/documents';
import { DomainError, type AskedPage, type Page, type Principal } from '@millrace/kernel';
import type { CallContext } from '@millrace/messaging';
import { freezesOf, isListed } from '../domain/life';
import type { Freeze } from '../domain/suspension';
import type { Member } from '../domain/members';
import { activeVersion, type Releases, type Version } from '../domain/releases';
import type { Workspace } from '../domain/workspace';
import type { Access } from './access';
import type { DraftTrees } from './drafting/draft-trees';
import type { Drafts } from './drafts';
import type { Standings } from './rights/standings';
import { allOf } from './sharing/all-of';

export { revisedOf } from '../domain/releases';

/** A version as it is shown: whole. */
export type VersionView = Version;

/** A workspace with the version that runs in it. */
export interface WorkspaceView {
  readonly stored: Stored<Workspace>;
  readonly active?: Version;
  /** The caller's role in it: of several, the one that counts most. */
  readonly role: string;
  /** What stands still in it; absent: nothing. */
  readonly freezes?: readonly Freeze[];
  /** Digest of its draft; absent: nobody asked for just this workspace. */
  readonly draftDigest?: string;
}

export interface ReadWorkspacesParts {
  readonly workspaces: Collection<Workspace>;
  readonly releases: Collection<Releases>;
  readonly members: Collection<Member>;
  readonly drafts: Pick<Drafts, 'read'>;
  readonly trees: Pick<DraftTrees, 'digestOf'>;
  readonly access: Access;
  readonly standings: Standings;
}

const MOST_FIRST: readonly string[] = Object.keys(BUILT_IN_ROLES).reverse();

/** What a cursor begins with that goes on among the workspaces of others. */
const SHARED = 'shared:';

/** Shows workspaces and their versions. */
export class ReadWorkspaces {
  constructor(private readonly parts: ReadWorkspacesParts) {}

  async get(context: CallContext, name: string): Promise<WorkspaceView> {
    const { stored } = await this.parts.access.require(context, name, 'read', 'workspaces');
    return this.view(context, stored);
  }

  /** The caller's own, newest first, then those they were invited to. */
  async list(context: CallContext, { limit, cursor }: AskedPage): Promise<Page<WorkspaceView>> {
    const { workspace, workspaces } = context.principal;
    const only = workspace === undefined ? workspaces : [workspace];
    if (only !== undefined) return this.within(context, only, { limit, cursor });
    if (cursor.startsWith(SHARED)) return this.shared(context, limit, cursor.slice(SHARED.length));
    const page = await this.parts.workspaces.page({
      where: { owner: context.principal.id },
      by: 'created',
      direction: 'descending',
      limit,
      ...(cursor === '' ? {} : { cursor }),
    });
    const items = await Promise.all(page.items.map((stored) => this.listing(context, stored)));
    if (page.nextCursor !== undefined || items.length === limit) return { items, nextCursor: page.nextCursor ?? SHARED };
    const shared = await this.shared(context, limit - items.length, '');
    return { ...shared, items: [...items, ...shared.items] };
  }

  /** Those that everybody finds, newest first; of those that the caller's credential is for, where it is not for all. */
  async listed({ principal: { workspace, workspaces } }: CallContext, { limit, cursor }: AskedPage): Promise<Page<Workspace>> {
    const only = workspace === undefined ? workspaces : [workspace];
    if (only !== undefined) {
      const { items: ids, ...more } = newestOf(only, { limit, cursor });
      const found = await Promise.all(ids.map((id) => this.parts.workspaces.find(id)));
      return { items: found.flatMap((each) => (each !== undefined && isListed(each.document) ? [each.document] : [])), ...more };
    }
    const sorted = { where: { listed: true }, by: 'created', direction: 'descending' } as const;
    const { items, ...more } = await this.parts.workspaces.page({ ...sorted, limit, ...(cursor === '' ? {} : { cursor }) });
    return { items: items.map(({ document }) => document), ...more };
  }

  /** Those that the caller's credential is for, newest first. */
  private async within(context: CallContext, only: readonly string[], page: AskedPage): Promise<Page<WorkspaceView>> {
    const { items: ids, ...more } = newestOf(only, page);
    const entered = await Promise.all(ids.map((id) => this.parts.access.enter(context, id).catch(unlessStranger)));
    const views = entered.flatMap((each) => (each === undefined ? [] : [this.listing(context, each.stored)]));
    return { items: await Promise.all(views), ...more };
  }

  private async shared(context: CallContext, limit: number, cursor: string): Promise<Page<WorkspaceView>> {
    const memberships = await this.memberships(context);
    const rest = memberships.filter(({ id }) => id > cursor);
    if (rest.length === 0) return { items: [] };
    const shown = rest.slice(0, limit);
    const stored = await Promise.all(shown.map(({ workspaceId }) => this.parts.access.find(workspaceId)));
    const views = await Promise.all(stored.filter((each) => each !== undefined).map((each) => this.listing(context, each)));
    const items = views.filter(({ role }) => role !== '' && role !== 'owner');
    const last = shown.at(-1);
    return { items, ...(rest.length > limit && last !== undefined ? { nextCursor: `${SHARED}${last.id}` } : {}) };
  }

  /** In the order of their ids, each workspace once. */
  private async memberships(context: CallContext): Promise<readonly Member[]> {
    const { kind, id, email, verified } = context.principal;
    if (kind !== 'user') return [];
    const byUser = await allOf(this.parts.members, { user: id });
    const byEmail = email === undefined || verified !== true ? [] : await allOf(this.parts.members, { email: email.toLowerCase() });
    // Whoever enters takes what they were invited to.
    for (const { workspaceId } of byEmail) await this.parts.access.enter(context, workspaceId).catch(unlessStranger);
    const first = new Map([...byEmail, ...byUser].map((member) => [member.workspaceId, member]));
    return [...first.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  /** Newest first; the cursor is the last number. */
  async versions(context: CallContext, name: string, { limit, cursor }: AskedPage): Promise<Page<Version>> {
    const { workspace } = await this.parts.access.require(context, name, 'read', 'versions');
    const versions = (await this.parts.releases.find(workspace.id))?.document.versions ?? [];
    const rest = versions.filter(({ number }) => cursor === '' || number < Number(cursor)).reverse();
    const items = rest.slice(0, limit);
    const last = items.at(-1);
    return { items, ...(rest.length > limit && last !== undefined ? { nextCursor: String(last.number) } : {}) };
  }

  /** A workspace somebody asked for or just wrote, as it is shown to them. */
  async view(context: CallContext, stored: Stored<Workspace>): Promise<WorkspaceView> {
    const { drafts, trees } = this.parts;
    const draft = await drafts.read(stored.document.id);
    return { ...(await this.listing(context, stored)), draftDigest: trees.digestOf(draft) };
  }

  /** A workspace among others: its draft, which may hold thousands of files, is left alone. */
  private async listing({ principal }: CallContext, stored: Stored<Workspace>): Promise<WorkspaceView> {
    const kept = await this.parts.releases.find(stored.document.id);
    const active = kept === undefined ? undefined : activeVersion(kept.document);
    const role = await this.roleIn(stored.document, principal);
    return { stored, role, freezes: freezesOf(stored.document), ...(active === undefined ? {} : { active }) };
  }

  /** Nothing counts more than to be its owner: what else they are need not be asked. */
  private async roleIn(workspace: Workspace, principal: Principal): Promise<string> {
    if (principal.kind === 'user' && principal.id === workspace.owner) return 'owner';
    const [first = '', ...others] = (await this.parts.standings.of(workspace, principal)).roles;
    return MOST_FIRST.find((name) => name === first || others.includes(name)) ?? first;
  }
}

/** A page of these, the newest first; the cursor is the last id. */
function newestOf(ids: readonly string[], { limit, cursor }: AskedPage): Page<string> {
  const rest = ids
    .toSorted()
    .reverse()
    .filter((id) => cursor === '' || id < cursor);
  const items = rest.slice(0, limit);
  const last = items.at(-1);
  return { items, ...(rest.length > limit && last !== undefined ? { nextCursor: last } : {}) };
}

/** A workspace that is gone, or has nothing for the caller, is left out. */
function unlessStranger(error: unknown): undefined {
  if (!(error instanceof DomainError) || error.refusal !== 'not-found') throw error;
}
