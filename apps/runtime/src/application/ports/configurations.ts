import type { Json, JsonMap, Principal } from '@millrace/kernel';
import type { WriteRequest } from '@millrace/language';
import type { Flush } from '../../domain/contexts/record';
import type { Overwrites } from '../../domain/contexts/overwrites';

/** Which configuration: of a workspace, or of an app instance in it (empty: the workspace itself). */
export interface ConfigPlace {
  readonly workspaceId: string;
  readonly instance: string;
}

/** What was written over a configuration. Revision 0: nothing was. */
export interface WrittenConfig {
  readonly revision: number;
  readonly values: Overwrites;
}

/** Writes to one configuration, all of them or none. */
export interface ConfigOrder extends ConfigPlace {
  readonly writes: readonly WriteRequest[];
  /** What the version of who writes says that the values may be, and are. */
  readonly schema: JsonMap;
  readonly declared: JsonMap;
  /** Most characters of JSON. */
  readonly most: number;
  readonly by: Pick<Principal, 'kind' | 'id' | 'onBehalfOf'>;
  /** Under which a run writes, so that it is written once; absent: no run does. */
  readonly flush?: Flush;
  /** The revision as it was before it was made sure that who writes may. */
  readonly seen: number;
  /** By run: its flushes with a smaller number will not be repeated. */
  readonly settled: ReadonlyMap<string, number>;
  readonly correlationId: string;
  readonly traceparent?: string;
}

/** What is written over the configurations that versions declare. The service of workspaces keeps it, and tells every runtime. */
export abstract class Configurations {
  /** As every runtime sees it: what was answered to a write is in it. */
  abstract read(place: ConfigPlace): Promise<WrittenConfig>;
  /** Those of a workspace that were written, by instance. */
  abstract list(workspaceId: string): Promise<readonly (ConfigPlace & WrittenConfig)[]>;
  /**
   * Writes, once per flush however often it is asked: the answer is the same. Durable, checked and told of when it resolves. Refuses with
   * `workspaces.config_moved` (`facts.revision`) when the revision is not `seen` any more, with `language.arguments_invalid`,
   * `runtime.context_too_large`, and as the language refuses writes that do not fit, with nothing written.
   */
  abstract write(order: ConfigOrder): Promise<{ readonly revision: number; readonly value: Json }>;
}
