/** What the files and trees of a workspace hold, texts and the bytes of assets, known by their digest (SHA-256, lower-case hex). What is stored never changes. */
export abstract class FileStore {
  /** Stores a text or bytes; answers their digest and size in bytes. */
  abstract put(workspaceId: string, content: string | Uint8Array): Promise<{ digest: string; size: number }>;
  /** The digest and size that a text or bytes would be stored under. Stores nothing. */
  abstract digestOf(content: string | Uint8Array): { digest: string; size: number };
  /** How many bytes a digest stands for; undefined: it was never stored. */
  abstract sizeOf(workspaceId: string, digest: string): Promise<number | undefined>;
  /** The text of a digest. A digest that was never stored is a fault. */
  abstract get(workspaceId: string, digest: string): Promise<string>;
  /** The bytes of a digest, text or not. A digest that was never stored is a fault. */
  abstract bytes(workspaceId: string, digest: string): Promise<Uint8Array>;
}
