/** What stands before the keys of a workspace's texts. */
export function textsOf(workspaceId: string): string {
  return `workspaces/${workspaceId}/`;
}

/** Where a text is, while something names it. */
export function textKey(workspaceId: string, digest: string): string {
  return textsOf(workspaceId) + digest;
}

/** What stands before the keys of texts of a workspace that nothing named. */
export function retiredOf(workspaceId: string): string {
  return `retired/${workspaceId}/`;
}

/** What stands before the keys of when texts of a workspace were put aside last. */
export function retiredSinceOf(workspaceId: string): string {
  return `retired-since/${workspaceId}/`;
}

/** Where a text is that nothing named when it was looked for. */
export function retiredKey(workspaceId: string, digest: string): string {
  return retiredOf(workspaceId) + digest;
}
