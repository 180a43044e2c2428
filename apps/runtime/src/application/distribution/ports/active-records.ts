/** What is to run in a workspace, and the revision at which that was said. */
export interface ActiveRecord {
  readonly version: string;
  readonly digest: string;
  readonly revision: number;
}

/** The records of what runs where, as they stand now and as far as this process has seen them. */
export abstract class ActiveRecords {
  /** The record of a workspace by id, asked for anew; undefined: nothing runs there. */
  abstract current(workspaceId: string): Promise<ActiveRecord | undefined>;
  /** Revision of the last record that this process has seen. */
  abstract seen(): number;
  /** Calls back after each record that was seen. Answers how to stop. */
  abstract follow(changed: (workspaceId: string) => void): () => void;
}
