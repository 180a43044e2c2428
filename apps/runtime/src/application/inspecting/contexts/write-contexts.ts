import type { WorkspaceRights } from '@millrace/auth';
import { DomainError, type JsonMap } from '@millrace/kernel';
import type { CallContext } from '@millrace/messaging';
import { demandMissing, demandOf, type Preconditions } from '../../../domain/contexts/preconditions';
import type { Context, Contexts } from '../../contexts/contexts';
import type { Announcements } from '../announcements';
import { requestOf, type ContextName } from './context-name';
import type { ConfigEditor, EditConfiguration } from './edit-configuration';

export interface WriteContextsParts {
  readonly contexts: Contexts;
  readonly configurations: EditConfiguration;
  readonly rights: WorkspaceRights;
  readonly announcements: Announcements;
}

/** Which context of which workspace (id or slug). */
export interface WrittenContext {
  readonly workspace: string;
  readonly name: ContextName;
}

/**
 * Lets people change what automations keep. Refuses with `runtime.precondition_required` who does not say what they change, with
 * `runtime.precondition_failed` when that is not there any more, and as `Contexts` does.
 */
export class WriteContexts {
  constructor(private readonly parts: WriteContextsParts) {}

  /** Replaces it, or makes it: what is new needs no precondition. */
  async put(context: CallContext, { workspace, name }: WrittenContext, value: JsonMap, conditions: Preconditions): Promise<Context> {
    const id = await this.admit(context, workspace, 'update');
    const demand = demandOf(conditions);
    try {
      const revision = demand === 'anything' ? undefined : (demand?.revision ?? 0);
      const written = await this.replaced(editorOf(context, id, name), name, value, revision);
      await this.tell(context, id, name, { change: 'replaced', revision: written.revision });
      return written;
    } catch (error) {
      const isThere = error instanceof DomainError && error.code === 'runtime.precondition_failed';
      throw isThere && demand === undefined ? demandMissing() : error;
    }
  }

  /** Changes it as a merge patch says. */
  async patch(context: CallContext, { workspace, name }: WrittenContext, patch: JsonMap, conditions: Preconditions): Promise<Context> {
    const id = await this.admit(context, workspace, 'update');
    const revision = demanded(conditions);
    const { contexts, configurations } = this.parts;
    const request = requestOf(name);
    const written =
      name.kind === 'config'
        ? await configurations.patch(editorOf(context, id, name), patch, revision)
        : await contexts.patch(id, request, patch, revision);
    await this.tell(context, id, name, { change: 'patched', revision: written.revision });
    return written;
  }

  async delete(context: CallContext, { workspace, name }: WrittenContext, conditions: Preconditions): Promise<void> {
    const id = await this.admit(context, workspace, 'delete');
    const revision = demanded(conditions);
    const request = requestOf(name);
    if (name.kind === 'config') await this.parts.configurations.reset(editorOf(context, id, name), revision);
    else await this.parts.contexts.delete(id, request, revision);
    await this.tell(context, id, name, { change: 'deleted' });
  }

  private replaced(editor: ConfigEditor, name: ContextName, value: JsonMap, revision: number | undefined): Promise<Context> {
    const { contexts, configurations } = this.parts;
    const request = requestOf(name);
    return name.kind === 'config'
      ? configurations.put(editor, value, revision)
      : contexts.put(editor.workspaceId, request, value, revision);
  }

  private async admit(context: CallContext, workspace: string, action: 'update' | 'delete'): Promise<string> {
    return (await this.parts.rights.require(context, workspace, action, 'contexts')).id;
  }

  private tell(context: CallContext, workspaceId: string, { kind, owner, instance }: ContextName, change: JsonMap): Promise<void> {
    const payload = { kind, owner, instance, ...change };
    return this.parts.announcements.tell(context, workspaceId, 'runtime.contexts.changed', payload);
  }
}

function demanded(conditions: Preconditions): number | undefined {
  const demand = demandOf(conditions);
  if (demand === undefined) throw demandMissing();
  return demand === 'anything' ? undefined : demand.revision;
}

function editorOf(context: CallContext, workspaceId: string, { instance }: ContextName): ConfigEditor {
  return { context, workspaceId, instance };
}
