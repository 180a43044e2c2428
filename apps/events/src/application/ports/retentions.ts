import type { RetentionRule } from '../retention/rules';

/** The rules of a workspace, as they were written. */
export interface KeptRules {
  readonly rules: readonly RetentionRule[];
  /** `0` when none were ever written. */
  readonly revision: number;
  /** Who wrote them, and when; absent: the service did, or nobody. */
  readonly author?: Author;
}

/** Who wrote rules. `at`: milliseconds since 1970. */
export interface Author {
  readonly by: string;
  readonly at: number;
}

/** How long workspaces keep their events. */
export abstract class Retentions {
  /** The rules in force, from memory: those another process has just written come a moment later. */
  abstract of(workspaceId: string): readonly RetentionRule[];
  /** The rules as they are kept. */
  abstract read(workspaceId: string): Promise<KeptRules>;
  /**
   * Puts other rules in force, in this process at once; answers their revision. With a `revision`, only if they still have it: else
   * `kv.revision_conflict`.
   */
  abstract write(workspaceId: string, rules: KeptRules['rules'], author?: Author, revision?: number): Promise<number>;
}
