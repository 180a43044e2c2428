import type { CallContext } from '@millrace/messaging';

/** What is told of a run. Times in milliseconds since 1970. */
export interface ToldRun {
  readonly id: string;
  readonly automation: string;
  readonly state: string;
  /** What started it: an event, a request. */
  readonly trigger: string;
  readonly startedAt?: number;
  readonly endedAt?: number;
}

/** The runs of automations, as the caller may read them. */
export abstract class ReadableRuns {
  /** Those of these runs that the caller may read; of what is not there, or not for them, nothing is said. */
  abstract among(context: CallContext, workspaceId: string, ids: readonly string[]): Promise<readonly ToldRun[]>;
  /** Runs that go on and began at `from` or later, the newest 200. */
  abstract underWay(context: CallContext, workspaceId: string, from: number): Promise<readonly ToldRun[]>;
}
