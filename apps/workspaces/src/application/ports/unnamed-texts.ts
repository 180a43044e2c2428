/** What may be done with the texts of a workspace that nothing names any more. */
export abstract class UnnamedTexts {
  /** The digests of all texts that are stored for a workspace, named or not. */
  abstract digests(workspaceId: string): AsyncIterable<string>;
  /** Puts a text aside, as of this time (milliseconds since 1970). Whoever asks for it still gets it. One that is gone is fine. */
  abstract retire(workspaceId: string, digest: string, now: number): Promise<void>;
  /** Removes what was put aside before this time, and not again since; what `isNamed` says is named again comes back instead. Answers how many were removed. */
  abstract expire(before: number, isNamed: (workspaceId: string, digest: string) => Promise<boolean>): Promise<number>;
  /** Removes every text of a workspace, put aside or not. */
  abstract removeAll(workspaceId: string): Promise<void>;
}
