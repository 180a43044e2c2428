/** Which hosts the automations of a workspace may reach, as runtimes read it. */
export interface EgressRecord {
  readonly workspaceId: string;
  /** Empty: any. */
  readonly hosts: readonly string[];
  /** Revision of the workspace: a record never replaces one with a larger revision. */
  readonly revision: number;
}

/** The records that tell runtimes how far each workspace reaches. Written here only. */
export abstract class EgressRecords {
  /** Puts the record unless a newer one is there. */
  abstract put(record: EgressRecord): Promise<void>;
  /** The workspace is gone for good: until then nothing opens it. */
  abstract remove(workspaceId: string): Promise<void>;
}
