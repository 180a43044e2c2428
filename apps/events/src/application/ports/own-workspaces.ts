import type { CallContext } from '@millrace/messaging';

/** Tells in which workspaces somebody has a part. */
export abstract class OwnWorkspaces {
  /** The ids of all of them. */
  abstract of(context: CallContext): Promise<readonly string[]>;
}
