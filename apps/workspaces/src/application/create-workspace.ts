import { demandScope } from '@millrace/auth';
import type { Collection, Stored } from '@millrace/documents';
import { DomainError, type Clock, type Ids } from '@millrace/kernel';
import type { CallContext } from '@millrace/messaging';
import { createWorkspace, slugTaken, type Workspace, type WorkspaceChanges } from '../domain/workspace';
import type { Facts } from './facts';
import { isTaken } from './is-taken';
import type { SlugAliases } from './slug-aliases';

export class CreateWorkspace {
  constructor(
    private readonly workspaces: Collection<Workspace>,
    private readonly aliases: SlugAliases,
    private readonly facts: Facts,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /** Refuses who may not make any: only people own workspaces, and not by a credential that is for others. */
  admit({ principal }: CallContext): void {
    if (principal.kind !== 'user') {
      throw new DomainError('workspaces.owner_missing', 'forbidden', 'Only a person can own a workspace. Sign in as a user to create one.');
    }
    if (principal.workspaces !== undefined) {
      throw new DomainError(
        'workspaces.credential_elsewhere',
        'forbidden',
        'This token is for some workspaces only, and a new one is none of them. Sign in to create one.',
      );
    }
    // Archives and copies become workspaces as well, and their routes ask for another scope, or for none.
    demandScope(principal, 'manage', 'me');
  }

  async run(context: CallContext, said: WorkspaceChanges & { readonly name: string }): Promise<Stored<Workspace>> {
    this.admit(context);
    const { principal } = context;
    const workspace = createWorkspace(this.ids.mint('ws'), principal.id, said, this.clock.now());
    const { id: workspaceId, slug, name } = workspace;
    await this.aliases.demandFree(slug);
    const created = this.facts.of(context, {
      workspaceId,
      type: 'workspaces.created',
      payload: { slug, name, owner: workspace.owner },
      subject: `workspace/${workspaceId}`,
      revision: 1,
    });
    return this.workspaces.insert(workspace, [created]).catch((error: unknown) => {
      throw isTaken(error) ? slugTaken(slug) : error;
    });
  }
}
