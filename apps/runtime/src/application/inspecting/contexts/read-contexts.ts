import type { WorkspaceRights } from '@millrace/auth';
import type { Page } from '@millrace/kernel';
import type { SharedContext } from '@millrace/language';
import type { CallContext } from '@millrace/messaging';
import { contextMissing } from '../../../domain/contexts/refusals';
import type { Context, Contexts } from '../../contexts/contexts';
import { pageOfEach, type PageRequest } from '../cursors';
import { nameOf, requestOf, type ContextName } from './context-name';
import type { EditConfiguration } from './edit-configuration';

export type { ContextName } from './context-name';

/** A context as it is listed. */
export interface ListedContext extends ContextName {
  readonly revision: number;
  /** Characters of JSON. */
  readonly size: number;
}

/** Which contexts are wanted. */
export interface ContextFilter {
  readonly kind?: SharedContext;
  readonly owner?: string;
}

export interface ReadContextsParts {
  readonly contexts: Contexts;
  readonly configurations: EditConfiguration;
  readonly rights: WorkspaceRights;
}

/** Shows what automations keep. */
export class ReadContexts {
  constructor(private readonly parts: ReadContextsParts) {}

  /** By kind, owner and instance. */
  async list(context: CallContext, workspace: string, filter: ContextFilter, { limit, cursor }: PageRequest): Promise<Page<ListedContext>> {
    const workspaceId = await this.admit(context, workspace);
    const { kind, owner } = filter;
    const by = { ...(kind === undefined ? {} : { context: kind }), ...(owner === undefined ? {} : { owner: owner === '-' ? '' : owner }) };
    const { contexts } = this.parts;
    const mayBeConfig = (kind ?? 'config') === 'config' && (owner ?? '-') === '-';
    const configurations = mayBeConfig ? await this.configurations(workspaceId) : [];
    const found = async function* (): AsyncGenerator<ListedContext> {
      yield* configurations;
      for await (const one of contexts.each(workspaceId, by)) yield { ...nameOf(one), revision: one.revision, size: one.size };
    };
    const keyOf = (one: ListedContext) => encodeURIComponent(JSON.stringify([one.kind, one.owner, one.instance]));
    return pageOfEach(found(), { limit, cursor, order: 'ascending', keyOf });
  }

  /** Refuses with `runtime.context_not_found`. */
  async get(context: CallContext, workspace: string, name: ContextName): Promise<Context> {
    const workspaceId = await this.admit(context, workspace);
    const request = requestOf(name);
    if (name.kind === 'config') return this.parts.configurations.get({ workspaceId, instance: name.instance });
    const found = await this.parts.contexts.load(workspaceId, request);
    if (found.revision === 0) throw contextMissing(name.kind);
    return found;
  }

  private async configurations(workspaceId: string): Promise<readonly ListedContext[]> {
    const written = await this.parts.configurations.list(workspaceId);
    return written.map(({ instance, revision, value }) => ({
      ...nameOf({ context: 'config', instance, owner: '' }),
      ...{ revision, size: JSON.stringify(value).length },
    }));
  }

  private async admit(context: CallContext, workspace: string): Promise<string> {
    return (await this.parts.rights.require(context, workspace, 'read', 'contexts')).id;
  }
}
