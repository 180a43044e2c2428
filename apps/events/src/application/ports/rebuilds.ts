/** How far a rebuild of the history has come. Times in milliseconds since 1970. */
export interface Rebuild {
  readonly id: string;
  readonly startedAt: number;
  readonly finishedAt?: number;
  /** Of the log that it reads. */
  readonly epoch: string;
  /** Offset from which on it is to be read. */
  readonly next: bigint;
  /** Offset with which it ends. */
  readonly last: bigint;
  /** Events that the history has now. */
  readonly events: number;
  /** Events that are not for the history, or no longer. */
  readonly skipped: number;
  /** Events that the store never takes. */
  readonly refused: number;
}

export interface KeptRebuild {
  readonly rebuild: Rebuild;
  readonly revision: number;
}

/** The last rebuild of the history, whoever works on it. */
export abstract class Rebuilds {
  abstract read(): Promise<KeptRebuild | undefined>;
  /** Writes it if what is kept still has that revision (0: if there is none), else answers undefined; answers the new revision. Durable then. */
  abstract write(rebuild: Rebuild, revision: number): Promise<number | undefined>;
}
