import type { Collection, Stored } from '@millrace/documents';
import type { Clock, Ids } from '@millrace/kernel';
import type { CallContext } from '@millrace/messaging';
import { writeFiles } from '../../domain/draft';
import type { Member } from '../../domain/members';
import type { Tree } from '../../domain/releases';
import type { Workspace } from '../../domain/workspace';
import type { Access } from '../access';
import type { CreateFilled } from '../create-filled';
import type { Drafts } from '../drafts';
import type { Facts } from '../facts';
import type { FileStore } from '../ports/file-store';
import type { RoleBook } from '../rights/role-book';
import type { VersionTrees } from '../versions/version-trees';

/** What a copy is asked for. */
export interface CopyAsked {
  readonly name: string;
  readonly slug?: string;
  /** Id or number of the version that is copied; absent: the draft. */
  readonly version?: string;
  /** Whether the members come along, and the roles that they have. */
  readonly withMembers: boolean;
}

export interface DuplicateWorkspaceParts {
  readonly access: Access;
  readonly create: CreateFilled;
  readonly trees: VersionTrees;
  readonly drafts: Drafts;
  readonly files: FileStore;
  readonly members: Collection<Member>;
  readonly books: Collection<RoleBook>;
  readonly facts: Facts;
  readonly clock: Clock;
  readonly ids: Ids;
}

/** How many texts are copied at once. */
const AT_ONCE = 16;
const PAGE = 200;

/** Makes a new workspace of the files of another. Secrets, keys and what people uploaded stay where they are. */
export class DuplicateWorkspace {
  constructor(private readonly parts: DuplicateWorkspaceParts) {}

  async run(context: CallContext, name: string, asked: CopyAsked): Promise<Stored<Workspace>> {
    const { access, create } = this.parts;
    const { workspace } = await access.require(context, name, 'read', 'automations');
    create.admit(context);
    if (asked.withMembers) {
      await access.require(context, name, 'read', 'roles');
      await access.require(context, name, 'manage', 'members');
    }
    const tree = await this.tree(workspace, asked.version);
    const slug = asked.slug === undefined ? {} : { slug: asked.slug };
    return create.run(context, { name: asked.name, description: workspace.description, ...slug }, async (copy) => {
      await this.copyFiles(context, workspace.id, copy.document.id, tree);
      if (asked.withMembers) {
        await this.copyRoles(context, workspace.id, copy.document.id);
        await this.copyMembers(context, workspace.id, copy.document.id);
      }
      return copy;
    });
  }

  private async tree(workspace: Workspace, version: string | undefined): Promise<Tree> {
    if (version !== undefined) return (await this.parts.trees.of(workspace, version)).tree;
    const { files } = await this.parts.drafts.read(workspace.id);
    return Object.entries(files).map(([path, { digest, size }]) => ({ path, digest, size }));
  }

  /** The texts first: a crash in between leaves a workspace with an empty draft, a refusal none. */
  private async copyFiles(context: CallContext, from: string, to: string, tree: Tree): Promise<void> {
    const { clock, drafts, facts, files } = this.parts;
    for (let first = 0; first < tree.length; first += AT_ONCE) {
      const some = tree.slice(first, first + AT_ONCE);
      await Promise.all(some.map(async ({ digest }) => files.put(to, await files.get(from, digest))));
    }
    const written = new Map(tree.map(({ path, digest, size }) => [path, { digest, size }]));
    await drafts.change(to, (before) => {
      const document = writeFiles(before, written, { by: context.principal.id, at: clock.now() });
      const fact = { workspaceId: to, type: 'workspaces.duplicated', payload: { from }, subject: `workspace/${to}` };
      return { document, events: [facts.of(context, fact)], result: undefined };
    });
  }

  /** Before the members, so that none of them has a role that says nothing. */
  private async copyRoles(context: CallContext, from: string, to: string): Promise<void> {
    const { books, facts } = this.parts;
    const book = (await books.find(from))?.document;
    if (book === undefined) return;
    const told = Object.keys(book.roles).map((role) =>
      facts.of(context, { workspaceId: to, type: 'workspaces.roles.changed', payload: { role }, subject: `role/${role}` }),
    );
    await books.insert({ ...book, workspaceId: to }, told);
  }

  private async copyMembers(context: CallContext, from: string, to: string): Promise<void> {
    const { clock, facts, ids, members } = this.parts;
    let cursor: string | undefined;
    do {
      const page = await members.page({ where: { workspace: from }, limit: PAGE, ...(cursor === undefined ? {} : { cursor }) });
      for (const { document } of page.items) {
        const member = { ...document, id: ids.mint('mem'), workspaceId: to, createdAt: clock.now() };
        const payload = { member: member.id, roles: [...member.roles], ...(member.user === undefined ? {} : { user: member.user }) };
        const fact = { workspaceId: to, type: 'workspaces.members.changed', payload, subject: `member/${member.id}` };
        await members.insert(member, [facts.of(context, fact)]);
      }
      cursor = page.nextCursor;
    } while (cursor !== undefined);
  }
}
