/** Texts of a workspace's files and trees, known by their digest (SHA-256, lower-case hex). What is stored never changes. */
export abstract class FileStore {
  /** Stores a text; answers its digest and size in bytes. */
  abstract put(workspaceId: string, text: string): Promise<{ digest: string; size: number }>;
  /** The digest and size that a text would be stored under. Stores nothing. */
  abstract digestOf(text: string): { digest: string; size: number };
  /** Bytes of the text of a digest; undefined: it was never stored. */
  abstract sizeOf(workspaceId: string, digest: string): Promise<number | undefined>;
  /** The text of a digest. A digest that was never stored is a fault. */
  abstract get(workspaceId: string, digest: string): Promise<string>;
}
