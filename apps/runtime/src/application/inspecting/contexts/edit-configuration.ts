import type { Json, JsonMap } from '@millrace/kernel';
import type { Plan, WriteRequest } from '@millrace/language';
import type { CallContext } from '@millrace/messaging';
import { patchWrites } from '../../../domain/contexts/merge-patch';
import { contextChanged, contextMissing } from '../../../domain/contexts/refusals';
import { configContended, type ConfigChange, type ConfigInForce, type Configuration } from '../../contexts/configuration';
import type { Models } from '../../models';
import type { ConfigPlace, WrittenConfig } from '../../ports/configurations';

const ATTEMPTS = 10;

/** Who changes a configuration, and which. */
export interface ConfigEditor extends ConfigPlace {
  readonly context: CallContext;
}

/** Makes writes of what is in force. */
type Editing = (now: ConfigInForce, declared: JsonMap) => readonly WriteRequest[];

/** Lets people see and change what is in force of configurations, for the version that runs. */
export class EditConfiguration {
  constructor(
    private readonly configuration: Configuration,
    private readonly models: Pick<Models, 'get'>,
  ) {}

  /** Those that something was written over, and what is written of each. */
  async list(workspaceId: string): Promise<readonly (ConfigPlace & ConfigInForce)[]> {
    const written = await this.configuration.list(workspaceId);
    return written.filter(isWritten).map(({ instance, revision, values }) => ({
      ...{ workspaceId, instance, revision },
      value: Object.fromEntries(Object.entries(values).map(([name, { value = null }]) => [name, value])),
    }));
  }

  /** As it is in force; refuses with `runtime.context_not_found` when nothing was written over what is declared. */
  async get(place: ConfigPlace): Promise<ConfigInForce> {
    const { plan } = await this.models.get(place.workspaceId);
    const written = await this.list(place.workspaceId);
    if (!written.some(({ instance }) => instance === place.instance)) throw contextMissing('config');
    return this.configuration.load(plan, place);
  }

  /**
   * Replaces what is in force as a whole; `revision` is the one that must be there now (0: nothing was written), else
   * `runtime.precondition_failed`. Throws what `Configurations` refuses.
   */
  put(editor: ConfigEditor, value: JsonMap, revision?: number): Promise<ConfigInForce> {
    return this.edit(editor, revision, ({ value: now }) => writesFrom(editor, now, value));
  }

  /** Changes what is in force as a merge patch (RFC 7396) says; otherwise as `put`. */
  patch(editor: ConfigEditor, patch: JsonMap, revision?: number): Promise<ConfigInForce> {
    return this.edit(editor, revision, ({ value: now }) => patchWrites(contextOf(editor), now, patch));
  }

  /** What the version declares is in force again; `runtime.context_not_found` when nothing was written over it. Otherwise as `put`. */
  async reset(editor: ConfigEditor, revision?: number): Promise<void> {
    await this.edit(editor, revision, (now, declared) => {
      if (now.revision === 0) throw contextMissing('config');
      return writesFrom(editor, now.value, declared);
    });
  }

  private async edit(editor: ConfigEditor, revision: number | undefined, editing: Editing): Promise<ConfigInForce> {
    const { plan } = await this.models.get(editor.workspaceId);
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const found = await this.configuration.load(plan, editor);
      const isThere = (await this.list(editor.workspaceId)).some(({ instance }) => instance === editor.instance);
      const now = { ...found, revision: isThere ? found.revision : 0 };
      if (revision !== undefined && revision !== now.revision) throw contextChanged('config', now.revision);
      const writes = editing(now, (await this.configuration.declared.of(plan, editor)).value);
      if (writes.length === 0 || (await this.written(plan, { ...editor, writes }, found.revision)))
        return this.configuration.load(plan, editor);
    }
    throw configContended();
  }

  /** False: somebody else was first. */
  private async written(plan: Plan, { context, ...change }: ConfigEditor & Pick<ConfigChange, 'writes'>, seen: number): Promise<boolean> {
    const { principal, correlationId, traceparent } = context;
    const { kind, id, onBehalfOf } = principal;
    const by = { kind, id, ...(onBehalfOf === undefined ? {} : { onBehalfOf }) };
    const tried = await this.configuration.attempt(
      plan,
      { ...change, by, correlationId, ...(traceparent === undefined ? {} : { traceparent }) },
      seen,
    );
    return 'answer' in tried;
  }
}

function isWritten({ values }: WrittenConfig): boolean {
  return Object.keys(values).length > 0;
}

function contextOf({ instance }: ConfigPlace) {
  return { context: 'config', instance, owner: '' } as const;
}

/** The writes that make another configuration of one. */
function writesFrom(place: ConfigPlace, now: JsonMap, wanted: JsonMap): readonly WriteRequest[] {
  const name = contextOf(place);
  const gone = Object.keys(now).filter((key) => !Object.hasOwn(wanted, key));
  return [
    ...gone.map((key): WriteRequest => ({ ...name, path: [key], op: 'delete' })),
    ...Object.entries(wanted).map(([key, value]: [string, Json]): WriteRequest => ({ ...name, path: [key], op: 'replace', value })),
  ];
}
