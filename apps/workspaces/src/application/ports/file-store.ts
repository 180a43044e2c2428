/** Texts of a workspace's files and trees, known by their digest (SHA-256, lower-case hex). What is stored never changes. */
export abstract class FileStore {
  /** Stores a text; answers its digest and size in bytes. */
  abstract put(workspaceId: string, text: string): Promise<{ digest: string; size: number }>;
  /** The text of a digest. A digest that was never stored is a fault. */
  abstract get(workspaceId: string, digest: string): Promise<string>;
}
