/** Which call is meant, whenever it is made again: who calls, what, and the key the caller gave it. */
export interface CallName {
  readonly caller: string;
  readonly route: string;
  readonly key: string;
}

/** What is known of a call that was begun. */
export interface CallRecord {
  /** Digest of what was asked for. */
  readonly request: string;
  /** Milliseconds since 1970 after which nobody works on it any more. */
  readonly until: number;
  /** Its answer, as JSON text; absent: there is none, or not yet. */
  readonly answer?: string;
}

export interface KeptRecord extends CallRecord {
  readonly revision: number;
}

/** The calls of the last 24 hours that may be repeated. Every method refuses with `kv.unavailable` while the store is away. */
export abstract class CallRecords {
  abstract find(name: CallName): Promise<KeptRecord | undefined>;
  /** Writes for 24 h if the record still has this revision (0: there is none), and answers the new one; undefined when somebody was first. */
  abstract write(name: CallName, record: CallRecord, revision: number): Promise<number | undefined>;
  /** Takes the record back if it still has this revision. */
  abstract remove(name: CallName, revision: number): Promise<void>;
}
