import type { Region, WorkspaceSources } from '@millrace/language';
import type { CallContext } from '@millrace/messaging';

/** What may stand still in a workspace while the rest goes on. */
export type Freeze = 'schedules' | 'endpoints' | 'events';

/** Which version runs in a workspace. */
export interface ActiveVersion {
  readonly workspaceId: string;
  readonly slug: string;
  /** Slugs that the workspace had and answers to still; absent: none. */
  readonly formerly?: readonly string[];
  readonly digest: string;
  /** What stands still there; absent: nothing. */
  readonly freezes?: readonly Freeze[];
  /** What becomes of events that the version does not declare; absent: they are published like any other. */
  readonly unknownEvents?: 'warn' | 'refuse';
  /** What holds of zone and language where the version says nothing of them; absent: nothing. */
  readonly region?: Region;
}

/** What runs where, as the service of workspaces says. */
export abstract class ActiveVersions {
  /** By id or slug, or a slug that it had lately and nobody else has now; undefined: nothing runs there. */
  abstract find(workspace: string): Promise<ActiveVersion | undefined>;
}

/** A draft as it stood. */
export interface DraftModel {
  /** `draft-` and more: of these files and no others. */
  readonly digest: string;
  readonly sources: WorkspaceSources;
}

/** The files of versions and drafts. */
export abstract class ModelSource {
  /** The files of a version. Throws as the bus does when they cannot be had. */
  abstract version(workspaceId: string, digest: string): Promise<WorkspaceSources>;
  /** The files of the draft, if the caller may test it; `version` gives the same files for this digest later. */
  abstract draft(workspaceId: string, context: CallContext): Promise<DraftModel>;
}
