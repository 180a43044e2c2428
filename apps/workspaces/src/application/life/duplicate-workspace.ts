import type { Collection, Stored } from '@millrace/documents';
import type { Clock, Ids, Principal } from '@millrace/kernel';
import type { CallContext, NewEvent } from '@millrace/messaging';
import { emptyDraft, writeFiles } from '../../domain/draft';
import { inviterOf } from '../../domain/invitation';
import type { Member } from '../../domain/members';
import type { Tree } from '../../domain/releases';
import type { Workspace } from '../../domain/workspace';
import { demandDeed, type Access, type Entered } from '../access';
import type { WrittenConfigs } from '../configuring/written-configs';
import type { CreateFilled } from '../create-filled';
import { readsRoles, ROLES_PATH } from '../checking/reads-roles';
import type { Drafts } from '../drafts';
import type { Facts } from '../facts';
import type { CopyFiles } from '../files/copy-files';
import type { FileStore } from '../ports/file-store';
import { copyBook, type RoleBook } from '../rights/role-book';
import type { VersionTrees } from '../versions/version-trees';

/** What a copy is asked for. */
export interface CopyAsked {
  readonly name: string;
  readonly slug?: string;
  /** Id or number of the version that is copied; absent: the draft. */
  readonly version?: string;
  /** Whether the members come along, and the roles that they have. */
  readonly withMembers: boolean;
  /** Whether what was written over the configuration comes along. */
  readonly withConfig: boolean;
  /** Whether what people uploaded comes along. */
  readonly withFiles: boolean;
}

export interface DuplicateWorkspaceParts {
  readonly access: Access;
  readonly create: CreateFilled;
  readonly trees: VersionTrees;
  readonly drafts: Drafts;
  readonly files: FileStore;
  readonly members: Collection<Member>;
  readonly books: Collection<RoleBook>;
  readonly configs: Pick<WrittenConfigs, 'copy'>;
  readonly uploads: Pick<CopyFiles, 'run'>;
  readonly facts: Facts;
  readonly clock: Clock;
  readonly ids: Ids;
}

/** Ids of a workspace and its copy. */
interface Copied {
  readonly from: string;
  readonly to: string;
}

/** How many texts are copied at once. */
const AT_ONCE = 16;

/** Makes a new workspace of the files of another. Secrets and keys stay where they are. */
export class DuplicateWorkspace {
  constructor(private readonly parts: DuplicateWorkspaceParts) {}

  async run(context: CallContext, name: string, asked: CopyAsked): Promise<Stored<Workspace>> {
    const { access, create, ids } = this.parts;
    const entered = await access.require(context, name, 'read', 'automations');
    const { workspace } = entered;
    create.admit(context);
    demandAsked(entered, asked);
    const isWhole = readsRoles(entered);
    const tree = (await this.tree(workspace, asked.version)).filter(({ path }) => isWhole || path !== ROLES_PATH);
    const slug = asked.slug === undefined ? {} : { slug: asked.slug };
    const said = { id: ids.mint('ws'), name: asked.name, description: workspace.description, ...slug };
    const { stored } = await create.run(context, said, async ({ workspace: copy }) => {
      const copied = { from: workspace.id, to: copy.id };
      const events = [...(await this.copyFiles(context, copied, tree))];
      if (asked.withMembers) events.push(...(await this.copyRoles(context, copied)), ...(await this.copyMembers(context, copied)));
      if (asked.withConfig) events.push(...(await this.copyConfigs(context, copied)));
      if (asked.withFiles) await this.parts.uploads.run(copied.from, copied.to);
      return { events, result: undefined };
    });
    return stored;
  }

  private async tree(workspace: Workspace, version: string | undefined): Promise<Tree> {
    if (version !== undefined) return (await this.parts.trees.of(workspace, version)).tree;
    const { files } = await this.parts.drafts.read(workspace.id);
    return Object.entries(files).map(([path, { digest, size }]) => ({ path, digest, size }));
  }

  private async copyFiles(context: CallContext, { from, to }: Copied, tree: Tree): Promise<readonly NewEvent[]> {
    const { clock, drafts, facts, files } = this.parts;
    for (let first = 0; first < tree.length; first += AT_ONCE) {
      const some = tree.slice(first, first + AT_ONCE);
      await Promise.all(some.map(async ({ digest }) => files.put(to, await files.bytes(from, digest))));
    }
    const written = new Map(tree.map(({ path, digest, size }) => [path, { digest, size }]));
    const draft = writeFiles(emptyDraft(to), written, { by: context.principal.id, at: clock.now() });
    const fact = { workspaceId: to, type: 'workspaces.duplicated', payload: { from }, subject: `workspace/${to}` };
    return drafts.fill(draft, [facts.of(context, fact)]);
  }

  private async copyRoles(context: CallContext, { from, to }: Copied): Promise<readonly NewEvent[]> {
    const { books, facts } = this.parts;
    const book = (await books.find(from))?.document;
    if (book === undefined) return [];
    await books.insert(copyBook(book, to));
    return Object.keys(book.roles).map((role) =>
      facts.of(context, { workspaceId: to, type: 'workspaces.roles.changed', payload: { role }, subject: `role/${role}` }),
    );
  }

  private async copyConfigs(context: CallContext, { from, to }: Copied): Promise<readonly NewEvent[]> {
    const { configs, facts } = this.parts;
    return (await configs.copy(from, to)).map(({ instance, changed }) => {
      const payload = { changed: [...changed], ...(instance === '' ? {} : { instance }) };
      const subject = instance === '' ? `workspace/${to}` : `app/${instance}`;
      return facts.of(context, { workspaceId: to, type: 'workspaces.configured', payload, subject });
    });
  }

  private async copyMembers(context: CallContext, { from, to }: Copied): Promise<readonly NewEvent[]> {
    const { clock, facts, ids, members } = this.parts;
    const told: NewEvent[] = [];
    for await (const { document } of members.each({ where: { workspace: from } })) {
      const member = {
        ...document,
        ...invitedAgain(document, context.principal),
        id: ids.mint('mem'),
        workspaceId: to,
        createdAt: clock.now(),
      };
      const payload = { member: member.id, roles: [...member.roles], ...(member.user === undefined ? {} : { user: member.user }) };
      const fact = { workspaceId: to, type: 'workspaces.members.changed', payload, subject: `member/${member.id}` };
      await members.insert(member);
      told.push(facts.of(context, fact));
    }
    return told;
  }
}

/** Who may change all files sees each of them, private ones too. */
const DEEDS_OF_FILES = [
  { action: 'read', subject: 'files' },
  { action: 'update', subject: 'files' },
] as const;

/** Refuses who may not have what comes along. */
function demandAsked(entered: Entered, { withMembers, withConfig, withFiles }: CopyAsked): void {
  if (withMembers) demandDeed(entered, { action: 'read', subject: 'roles' });
  if (withMembers) demandDeed(entered, { action: 'manage', subject: 'members' });
  if (withConfig) demandDeed(entered, { action: 'read', subject: 'config' });
  if (withFiles) DEEDS_OF_FILES.forEach((deed) => demandDeed(entered, deed));
}

/** Whoever copies an invitation answers for it: they could invite to the copy. */
function invitedAgain({ invitation }: Member, by: Principal): Pick<Member, 'invitation'> {
  return invitation === undefined ? {} : { invitation: { ...invitation, inviter: inviterOf(by, []) } };
}
