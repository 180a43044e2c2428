import type { Region } from '../../domain/configuring/region';
import type { Freeze } from '../../domain/suspension';
import type { UnknownEvents } from '../../domain/workspace';

/** What runs in a workspace, as runtimes read it. */
export interface ActiveRecord {
  readonly workspaceId: string;
  readonly slug: string;
  /** Slugs that it had and answers to still; absent: none. */
  readonly formerly?: readonly string[];
  readonly version: string;
  readonly digest: string;
  /** What stands still there. */
  readonly freezes: readonly Freeze[];
  /** Whether the version declares event types. */
  readonly declares: boolean;
  /** What becomes of events of types that it does not declare; absent: they are let in. */
  readonly unknownEvents?: UnknownEvents;
  /** Zone and language of what runs there, where the version says nothing of them; absent: nothing. */
  readonly region?: Region;
  /** Revision of the releases: a record never replaces one with a larger revision. */
  readonly revision: number;
}

/** The record that tells runtimes which version of each workspace runs. Written here only. */
export abstract class ActiveVersions {
  /** Puts the record unless a newer one is there. */
  abstract put(record: ActiveRecord): Promise<void>;
  /** The workspace runs nothing any more. */
  abstract remove(workspaceId: string): Promise<void>;
}
