import { DomainError, type Json, type JsonMap } from '@millrace/kernel';
import type { EffectError, Plan, WriteRequest } from '@millrace/language';
import { overwritten } from '../../domain/contexts/overwrites';
import { DEFAULT_SIZES } from '../../domain/contexts/record';
import { runPrincipal, type Run } from '../../domain/run';
import type { ConfigOrder, ConfigPlace, Configurations, WrittenConfig } from '../ports/configurations';
import type { Guard } from './cells/cells';
import { DeclaredConfigs } from './declared-configs';
import { Settlements } from './settlements';

/** How often others may write first before something else must be wrong. */
const ATTEMPTS = 20;

/** A configuration as it is in force. */
export interface ConfigInForce {
  /** 0: nothing was written over what is declared. */
  readonly revision: number;
  readonly value: JsonMap;
}

/** What is written, by whom. */
export type ConfigChange = Pick<ConfigOrder, 'workspaceId' | 'instance' | 'writes' | 'by' | 'correlationId' | 'traceparent' | 'flush'>;

/** What came of a write: its answer, or the revision that it should have seen. */
export type Tried = { readonly answer: { readonly revision: number; readonly value: Json } } | { readonly moved: number };

interface ConfigFlush {
  readonly number: number;
  readonly writes: readonly WriteRequest[];
  readonly guard: Guard;
}

/** The configurations of workspaces and their app instances (`config`): as versions declare them, with what was written over that while they run. */
export class Configuration {
  private readonly settlements = new Settlements();

  /** `most`: characters of JSON that one may have. */
  constructor(
    private readonly kept: Configurations,
    readonly declared = new DeclaredConfigs(),
    private readonly most = DEFAULT_SIZES.config,
  ) {}

  /** As it is in force for a version. */
  async load(plan: Plan, place: ConfigPlace): Promise<ConfigInForce> {
    const { revision, values } = await this.kept.read(place);
    return { revision, value: overwritten((await this.declared.of(plan, place)).value, values) };
  }

  /** What was written in a workspace, by instance. */
  list(workspaceId: string): Promise<readonly (ConfigPlace & WrittenConfig)[]> {
    return this.kept.list(workspaceId);
  }

  /**
   * Applies a run's writes in order, those to one configuration all or none; exactly once per run and number however often it is called, as
   * long as `guard` lets through nobody who has lost the run. Throws what `Configurations` refuses.
   */
  async flush(plan: Plan, run: Run, { number, writes, guard }: ConfigFlush): Promise<void> {
    for (const [instance, mine] of Map.groupBy(writes, (write) => write.instance)) {
      await this.contend(plan, { ...writtenBy(run, number), instance, writes: mine }, guard);
    }
  }

  /** One write whose result is awaited: `{ revision, value at path }`, the same however often it is called with this run and number. */
  async write(
    plan: Plan,
    run: Run,
    { number, request }: { readonly number: number; readonly request: WriteRequest },
  ): Promise<{ readonly value: Json } | { readonly error: EffectError }> {
    try {
      return { value: await this.contend(plan, { ...writtenBy(run, number), instance: request.instance, writes: [request] }) };
    } catch (error) {
      if (!(error instanceof DomainError) || error.refusal === 'unavailable') throw error;
      return { error: { code: error.code, refusal: error.refusal, message: error.message } };
    }
  }

  /** One attempt to write for whoever has seen the configuration at a revision. Throws what `Configurations` refuses. */
  async attempt(plan: Plan, change: ConfigChange, seen: number): Promise<Tried> {
    const { schema, value: declared } = await this.declared.of(plan, change);
    const settled = this.settlements.dueIn(keyOf(change));
    try {
      const answer = await this.kept.write({ ...change, schema, declared, most: this.most, seen, settled });
      this.settlements.dropped(keyOf(change), settled);
      return { answer };
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'workspaces.config_moved') throw error;
      return { moved: Number(error.facts['revision']) };
    }
  }

  /** The flushes and writes of the run with a smaller number than `before` will not be repeated. */
  settle(run: string, before = Infinity): void {
    this.settlements.settle(run, before);
  }

  /** Whoever had the run before and does not know that it was lost either has not seen what was written since, or is stopped by the guard. */
  private async contend(plan: Plan, change: ConfigChange, guard?: Guard): Promise<{ readonly revision: number; readonly value: Json }> {
    let seen = (await this.kept.read(change)).revision;
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      await guard?.();
      const tried = await this.attempt(plan, change, seen);
      if ('moved' in tried) {
        seen = tried.moved;
        continue;
      }
      if (change.flush !== undefined) this.settlements.wrote(keyOf(change), change.flush);
      return tried.answer;
    }
    throw configContended();
  }
}

export function configContended(): DomainError {
  return new DomainError('runtime.write_contended', 'unavailable', '`config` changes faster than it can be written. Try again later.');
}

function writtenBy(run: Run, number: number): Omit<ConfigChange, 'instance' | 'writes'> {
  const { kind, id, onBehalfOf } = runPrincipal(run);
  const { workspaceId, correlationId, traceparent } = run;
  return {
    ...{ workspaceId, correlationId, flush: { run: run.id, number } },
    by: { kind, id, ...(onBehalfOf === undefined ? {} : { onBehalfOf }) },
    ...(traceparent === undefined ? {} : { traceparent }),
  };
}

function keyOf({ workspaceId, instance }: ConfigPlace): string {
  return `${workspaceId}/${instance}`;
}
