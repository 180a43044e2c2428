/** The secrets of workspaces. */
export abstract class Secrets {
  /** Their values, of those that are there; as of some seconds ago at most. Throws as the bus does when they cannot be had. */
  abstract resolve(workspaceId: string, names: readonly string[]): Promise<Readonly<Record<string, string>>>;
}
