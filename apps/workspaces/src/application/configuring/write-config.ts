import { DomainError, type Clock, type Json, type JsonMap, type Principal } from '@millrace/kernel';
import { applyWrite, type WriteRequest } from '@millrace/language';
import type { CallContext } from '@millrace/messaging';
import {
  inForce,
  keptMarkers,
  overwritesFor,
  type WriteMarker,
  type WriteName,
  type WrittenConfig,
} from '../../domain/configuring/written-config';
import { workspaceMissing } from '../../domain/workspace';
import type { Access } from '../access';
import type { AppDocuments } from '../apps/ports/app-documents';
import type { Facts } from '../facts';
import type { ConfigPlace, WrittenConfigs } from './written-configs';

export interface WriteConfigParts {
  readonly access: Pick<Access, 'find'>;
  readonly configs: WrittenConfigs;
  readonly documents: Pick<AppDocuments, 'configProblems'>;
  readonly facts: Facts;
  readonly clock: Clock;
}

/** What is to be written, all of it or nothing. */
export interface ConfigOrder extends ConfigPlace {
  readonly writes: readonly Pick<WriteRequest, 'path' | 'op' | 'value' | 'expect'>[];
  /** What the writer's version says of the configuration. */
  readonly schema: JsonMap;
  readonly declared: JsonMap;
  /** Most characters of JSON that it may have. */
  readonly most: number;
  readonly by: Pick<Principal, 'kind' | 'id' | 'onBehalfOf'>;
  /** Under which a run writes, so that it is written once; absent: no run does. */
  readonly name?: WriteName;
  /** The revision that the writer saw before it made sure that it may write. */
  readonly seen: number;
  /** By run: writes with a smaller number will not be repeated. */
  readonly settled: Readonly<Record<string, number>>;
}

export type ConfigAnswer = Pick<WriteMarker, 'revision' | 'value'>;

/** Writes configurations while they are in force. For the runtime only. */
export class WriteConfig {
  constructor(private readonly parts: WriteConfigParts) {}

  /**
   * The same answer however often a run asks for the same write. Refuses with `workspaces.config_moved` who has not seen what was written
   * last, with `language.arguments_invalid` what the schema does not allow, with `runtime.context_too_large`, and as the language refuses a
   * write that does not fit.
   */
  async run(context: CallContext, order: ConfigOrder): Promise<ConfigAnswer> {
    const { kind, id } = context.principal;
    const isRuntime = kind === 'service' && id === 'runtime';
    if (!isRuntime || (await this.parts.access.find(order.workspaceId)) === undefined) throw workspaceMissing(order.workspaceId);
    return this.parts.configs.change(order, (config, revision) => this.changed(context, order, config, revision));
  }

  private changed(context: CallContext, order: ConfigOrder, config: WrittenConfig, revision: number) {
    const { name, seen, settled } = order;
    const known = config.markers.find(({ run, number }) => run === name?.run && number === name.number);
    if (known !== undefined) return { document: config, events: [], result: { revision: known.revision, value: known.value } };
    if (revision !== seen) throw moved(revision);
    const { values, changed, value } = this.written(order, config);
    const at = this.parts.clock.now();
    if (name === undefined && changed.length === 0) return { document: config, events: [], result: { revision, value } };
    // What was made for this write has its first revision already.
    const result = { revision: Math.max(revision, 1) + 1, value };
    const markers = keptMarkers(config.markers, at, settled);
    const marked = name === undefined ? markers : [...markers, { ...name, at, ...result }];
    return {
      document: { ...config, values, markers: marked },
      events: changed.length === 0 ? [] : [this.fact(context, order, changed)],
      result,
    };
  }

  private written({ writes, schema, declared, most }: ConfigOrder, { values }: WrittenConfig) {
    const before = inForce(declared, values);
    let config = before;
    let value: Json = null;
    for (const write of writes) {
      ({ value: config, result: value } = applyWrite(config, { context: 'config', instance: '', owner: '', ...write }));
    }
    this.demandFit(schema, config);
    demandSize(config, before, most);
    return { ...overwritesFor(declared, values, config), value };
  }

  private demandFit(schema: JsonMap, config: JsonMap): void {
    const problems = this.parts.documents.configProblems(schema, config);
    const [first] = problems;
    if (first === undefined) return;
    const detail = `The configuration is not what its schema allows: ${first.pointer || '/'} ${first.detail}.`;
    throw new DomainError('language.arguments_invalid', 'invalid', detail, {
      errors: problems.map(({ pointer, detail: what }) => ({ pointer, code: 'config', detail: what })),
    });
  }

  private fact(context: CallContext, { workspaceId, instance, by, name }: ConfigOrder, changed: readonly string[]) {
    const payload = { changed: [...changed], ...(instance === '' ? {} : { instance }), ...(name === undefined ? {} : { run: name.run }) };
    const subject = instance === '' ? `workspace/${workspaceId}` : `app/${instance}`;
    const writer = { ...context, principal: { ...by, roles: [] } };
    return this.parts.facts.of(writer, { workspaceId, type: 'workspaces.configured', payload, subject });
  }
}

function moved(revision: number): DomainError {
  const message = 'The configuration was written by somebody else meanwhile. Look again whether you may write, and repeat the write.';
  return new DomainError('workspaces.config_moved', 'conflict', message, { facts: { revision } });
}

/** One that is too large already, since the limit was lowered, may still shrink. */
function demandSize(config: JsonMap, before: JsonMap, most: number): void {
  const size = JSON.stringify(config).length;
  if (size <= most || size < JSON.stringify(before).length) return;
  const message = `\`config\` would be larger than ${most >> 10} KiB; nothing was written. Remove what is no longer needed, or keep large values in files.`;
  throw new DomainError('runtime.context_too_large', 'exhausted', message, { facts: { context: 'config', most } });
}
