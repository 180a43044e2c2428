import type { Collection, Stored } from '@millrace/documents';
import { DomainError, type Clock } from '@millrace/kernel';
import type { CallContext } from '@millrace/messaging';
import { demandRevision, expectationOf, type Conditions } from '../domain/draft';
import { changeWorkspace, slugTaken, type Workspace, type WorkspaceChanges } from '../domain/workspace';
import type { Access } from './access';
import type { Announce } from './announce';
import { expectedRevision } from './expected-revision';
import type { Facts } from './facts';
import { isTaken } from './is-taken';

export class UpdateWorkspace {
  constructor(
    private readonly workspaces: Collection<Workspace>,
    private readonly access: Access,
    private readonly announce: Announce,
    private readonly facts: Facts,
    private readonly clock: Clock,
  ) {}

  async run(context: CallContext, name: string, changes: WorkspaceChanges, conditions: Conditions): Promise<Stored<Workspace>> {
    const { workspace } = await this.access.require(context, name, 'update', 'workspaces');
    const demanded = demandOn(conditions);
    const change = (document: Workspace, revision: number) => {
      demanded(document, revision);
      const { workspace: next, changed } = changeWorkspace(document, changes, { by: context.principal.id, at: this.clock.now() });
      if (changed.length === 0) return { document, events: [] };
      const payload = { changed, ...(changed.includes('slug') ? { oldSlug: document.slug } : {}) };
      const fact = {
        workspaceId: document.id,
        type: 'workspaces.updated',
        payload,
        subject: `workspace/${document.id}`,
        revision: revision + 1,
      };
      return { document: next, events: [this.facts.of(context, fact)] };
    };
    await this.workspaces.update(workspace.id, change).catch((error: unknown) => {
      throw isTaken(error) && changes.slug !== undefined ? slugTaken(changes.slug) : error;
    });
    await this.announce.workspace(workspace.id);
    return this.workspaces.get(workspace.id);
  }
}

/** Refuses a workspace that is not at the revision its caller knows (412); at once, who does not say which that is (428). */
export function demandOn(conditions: Conditions): (workspace: Workspace, revision: number) => void {
  expectedRevision(conditions);
  const expectation = expectationOf(conditions);
  return ({ slug, owner, updatedAt, updatedBy = owner }, revision) =>
    demandRevision(`The workspace "${slug}"`, { revision, updatedBy, updatedAt }, expectation);
}

/** A revision mismatch of the store, as the caller knows it. */
export function preconditionOf(error: unknown): unknown {
  if (!(error instanceof DomainError) || error.code !== 'documents.revision_mismatch') return error;
  return new DomainError(
    'workspaces.precondition_failed',
    'conflict',
    'The workspace changed meanwhile. Read it again and repeat the change.',
    {
      facts: error.facts,
    },
  );
}
