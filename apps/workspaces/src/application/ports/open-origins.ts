/** Which pages of other origins a workspace lets in, as gateways read it. */
export interface OriginsRecord {
  readonly workspaceId: string;
  readonly slug: string;
  readonly origins: readonly string[];
  /** Slugs that it had, each with when it stops answering to it (milliseconds since 1970). */
  readonly formerly?: readonly { readonly slug: string; readonly until: number }[];
  /** Revision of the workspace: a record never replaces one with a larger revision. */
  readonly revision: number;
}

/** The records that tell gateways which origins each workspace lets in. Written here only. */
export abstract class OpenOrigins {
  /** Puts the record unless a newer one is there. */
  abstract put(record: OriginsRecord): Promise<void>;
  /** The workspace lets in none any more. */
  abstract remove(workspaceId: string): Promise<void>;
}
