import type { Collection, Stored } from '@millrace/documents';
import { DomainError, type Clock } from '@millrace/kernel';
import type { CallContext, NewEvent } from '@millrace/messaging';
import { fillWorkspace, givenUp, isHidden, showWorkspace } from '../domain/life';
import { slugTaken, type Workspace, type WorkspaceChanges } from '../domain/workspace';
import type { Access, Entered } from './access';
import type { CreateWorkspace } from './create-workspace';
import { isTaken } from './is-taken';
import type { PurgeWorkspaces } from './life/purge-workspaces';

/** What a workspace is that begins with something in it. */
export interface Beginning extends WorkspaceChanges {
  readonly name: string;
  /** The same id, the same workspace: whoever begins it again goes on with it. */
  readonly id: string;
}

/** What was put into a workspace: told once everybody finds it. */
export interface Filling<T> {
  readonly events: readonly NewEvent[];
  readonly result: T;
}

export interface CreateFilledParts {
  readonly workspaces: Collection<Workspace>;
  readonly create: CreateWorkspace;
  readonly access: Access;
  readonly purge: Pick<PurgeWorkspaces, 'giveUp'>;
  readonly clock: Clock;
  /** Milliseconds that filling one may take. */
  readonly patience: number;
}

/**
 * Makes workspaces that begin with something in them. Nobody finds one before all of it is there: the last write makes it everybody's and
 * tells all there is to tell. What a process leaves that dies before is removed by whoever purges.
 */
export class CreateFilled {
  constructor(private readonly parts: CreateFilledParts) {}

  /** Refuses who may not make any. */
  admit(context: CallContext): void {
    this.parts.create.admit(context);
  }

  /** Refuses what `run` would before it fills anything. */
  async judge(context: CallContext, said: Beginning): Promise<void> {
    await this.beginning(context, said);
  }

  /** The workspace of this id, when it was filled already. */
  async find(id: string): Promise<Stored<Workspace> | undefined> {
    const stored = await this.parts.workspaces.find(id);
    return stored === undefined || isHidden(stored.document) ? undefined : stored;
  }

  /** Makes a workspace and fills it; `fill` may be done again. When that fails nothing is left of it, and the failure is what the caller gets. */
  async run<T>(
    context: CallContext,
    said: Beginning,
    fill: (entered: Entered) => Promise<Filling<T>>,
  ): Promise<{ readonly stored: Stored<Workspace>; readonly result: T }> {
    const { access, purge } = this.parts;
    const begun = await this.begin(context, said);
    try {
      const { events, result } = await fill(await access.enterAnew(context, begun));
      return { stored: await this.show(context, begun.document, events), result };
    } catch (error) {
      // What is left after all is purged.
      await purge.giveUp(begun.document.id).catch(() => undefined);
      throw isGone(error) ? givenUp() : error;
    }
  }

  /** The workspace as it would begin. */
  private async beginning(context: CallContext, { id, ...said }: Beginning): Promise<Workspace> {
    const { create, workspaces } = this.parts;
    const made = await create.made(context, id, said);
    const holder = await workspaces.findBy('slug', made.slug);
    if (holder !== undefined && holder.document.id !== id) throw slugTaken(made.slug);
    return made;
  }

  private async begin(context: CallContext, said: Beginning): Promise<Stored<Workspace>> {
    const { clock, patience, workspaces } = this.parts;
    const { id } = said;
    const made = await this.beginning(context, said);
    const until = clock.now() + patience;
    await workspaces.insert(fillWorkspace(made, until)).catch(async (error: unknown) => {
      if (!isTaken(error)) throw error;
      await workspaces.update(id, (document) => ({
        document: document.state === 'filling' ? fillWorkspace(document, until) : document,
        events: [],
      }));
    });
    return workspaces.get(id);
  }

  private async show(context: CallContext, { id, slug }: Workspace, told: readonly NewEvent[]): Promise<Stored<Workspace>> {
    const { create, workspaces } = this.parts;
    const change = (before: Workspace, revision: number) => {
      const document = showWorkspace(before);
      return { document, events: document === before ? [] : [create.told(context, document, revision + 1), ...told] };
    };
    await workspaces.update(id, change).catch((error: unknown) => {
      throw isTaken(error) ? slugTaken(slug) : error;
    });
    return workspaces.get(id);
  }
}

/** Whether what was written before is there no more. */
function isGone(error: unknown): boolean {
  return error instanceof DomainError && error.code === 'documents.not_found';
}
