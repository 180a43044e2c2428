import type { Overwrites } from '../../domain/configuring/written-config';

/** What was written over a configuration, as runtimes read it. */
export interface ConfigRecord {
  readonly workspaceId: string;
  /** Path of the app instance; empty: the workspace itself. */
  readonly instance: string;
  readonly values: Overwrites;
  /** A record never replaces one with a larger revision. */
  readonly revision: number;
}

/** The records that tell runtimes which configurations are in force. Written here only. */
export abstract class ConfigRecords {
  /** Puts the record unless a newer one is there. */
  abstract put(record: ConfigRecord): Promise<void>;
  /** Nothing is known of the configurations of the workspace any more. */
  abstract remove(workspaceId: string): Promise<void>;
}
