import { demandScope } from '@millrace/auth';
import type { Collection, Stored } from '@millrace/documents';
import { DomainError, type Clock, type Ids } from '@millrace/kernel';
import type { CallContext, NewEvent } from '@millrace/messaging';
import { createWorkspace, slugTaken, type Workspace, type WorkspaceChanges } from '../domain/workspace';
import type { Facts } from './facts';
import { isTaken } from './is-taken';
import type { WorkspaceRoom } from './quotas/workspace-room';
import type { SlugAliases } from './slug-aliases';

export interface CreateWorkspaceParts {
  readonly workspaces: Collection<Workspace>;
  readonly room: WorkspaceRoom;
  readonly aliases: SlugAliases;
  readonly facts: Facts;
  readonly clock: Clock;
  readonly ids: Ids;
}

export class CreateWorkspace {
  constructor(private readonly parts: CreateWorkspaceParts) {}

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
    this.parts.room.admit(principal);
  }

  async run(context: CallContext, said: WorkspaceChanges & { readonly name: string }): Promise<Stored<Workspace>> {
    const { ids, workspaces } = this.parts;
    const workspace = await this.made(context, ids.mint('ws'), said);
    return workspaces.insert(workspace, [this.told(context, workspace, 1)]).catch((error: unknown) => {
      throw isTaken(error) ? slugTaken(workspace.slug) : error;
    });
  }

  /** The workspace as it would be. Refuses who may not make it, one more than there may be, and a slug that another one had lately and answers to still. */
  async made(context: CallContext, id: string, said: WorkspaceChanges & { readonly name: string }): Promise<Workspace> {
    const { aliases, clock, room } = this.parts;
    this.admit(context);
    const workspace = createWorkspace(id, context.principal.id, said, clock.now());
    await aliases.demandFree(workspace.slug);
    await room.demandOneMore(workspace);
    return workspace;
  }

  /** That it was made. */
  told(context: CallContext, { id: workspaceId, slug, name, owner }: Workspace, revision: number): NewEvent {
    const fact = { workspaceId, type: 'workspaces.created', payload: { slug, name, owner }, subject: `workspace/${workspaceId}`, revision };
    return this.parts.facts.of(context, fact);
  }
}
