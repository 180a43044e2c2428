import type { Json } from '@millrace/kernel';

/** What is known of a workspace's events without asking for them. */
export interface WorkspaceTypes {
  /** Digest of the version that runs. */
  readonly digest: string;
  /** Whether it declares event types. */
  readonly declares: boolean;
  /** What becomes of events that it does not declare. */
  readonly unknown: 'allow' | 'warn' | 'refuse';
}

/** Which version runs in which workspace, as far as events are concerned. */
export abstract class WorkspacesWithTypes {
  /** Undefined: nothing runs there. Answers at once, from what the service of workspaces has told. */
  abstract find(workspaceId: string): WorkspaceTypes | undefined;
}

/** An event type as it was declared. */
export interface DeclaredType {
  readonly type: string;
  readonly version: number;
  readonly mode: 'enforce' | 'warn' | 'off';
  /** JSON Schema; undefined: anything fits. */
  readonly schema?: Json;
  /** `true`, `false`, or a filter over the event. */
  readonly clients: string;
  readonly key?: string;
  readonly secret: readonly string[];
}

/** The event types of versions. */
export abstract class DeclaredTypes {
  /** Those of a version by its digest. Throws as the bus does when they cannot be had. */
  abstract of(workspaceId: string, digest: string): Promise<readonly DeclaredType[]>;
}
