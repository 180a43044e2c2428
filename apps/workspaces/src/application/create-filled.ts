import type { Stored } from '@millrace/documents';
import type { CallContext } from '@millrace/messaging';
import type { Workspace, WorkspaceChanges } from '../domain/workspace';
import type { CreateWorkspace } from './create-workspace';
import type { DeleteWorkspace } from './delete-workspace';

/** Makes workspaces that begin with something in them. */
export class CreateFilled {
  constructor(
    private readonly create: CreateWorkspace,
    private readonly remove: DeleteWorkspace,
  ) {}

  /** Refuses who may not make any. */
  admit(context: CallContext): void {
    this.create.admit(context);
  }

  /** Makes a workspace and fills it. When that fails it is deleted again and its slug is free; the failure is what the caller gets. */
  async run<T>(
    context: CallContext,
    said: WorkspaceChanges & { readonly name: string },
    fill: (made: Stored<Workspace>) => Promise<T>,
  ): Promise<T> {
    const made = await this.create.run(context, said);
    try {
      return await fill(made);
    } catch (error) {
      await this.remove.withdraw(context, made.document.id).catch(() => undefined);
      throw error;
    }
  }
}
