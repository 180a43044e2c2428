import { createHash } from 'node:crypto';
import type { Blobs } from '@millrace/blobs';
import { FileStore } from '../application/ports/file-store';

const CACHED = 2_000;

/** Texts as blobs `workspaces/<workspace>/<digest>`; the last ones used stay in memory, since a digest never means another text. */
export class BlobFileStore extends FileStore {
  private readonly cache = new Map<string, string>();

  constructor(private readonly blobs: Blobs) {
    super();
  }

  override async put(workspaceId: string, text: string): Promise<{ digest: string; size: number }> {
    const stored = this.digestOf(text);
    const key = keyOf(workspaceId, stored.digest);
    if (!this.cache.has(key) && (await this.blobs.stat(key)) === undefined) await this.blobs.put(key, Buffer.from(text, 'utf8'));
    this.remember(key, text);
    return stored;
  }

  override digestOf(text: string): { digest: string; size: number } {
    return { digest: createHash('sha256').update(text, 'utf8').digest('hex'), size: Buffer.byteLength(text, 'utf8') };
  }

  override async sizeOf(workspaceId: string, digest: string): Promise<number | undefined> {
    const key = keyOf(workspaceId, digest);
    const cached = this.cache.get(key);
    return cached === undefined ? (await this.blobs.stat(key))?.size : Buffer.byteLength(cached, 'utf8');
  }

  override async get(workspaceId: string, digest: string): Promise<string> {
    const key = keyOf(workspaceId, digest);
    const cached = this.cache.get(key);
    if (cached !== undefined) return cached;
    const text = Buffer.from(await this.blobs.read(key)).toString('utf8');
    this.remember(key, text);
    return text;
  }

  private remember(key: string, text: string): void {
    this.cache.delete(key);
    this.cache.set(key, text);
    const [oldest] = this.cache.keys();
    if (this.cache.size > CACHED && oldest !== undefined) this.cache.delete(oldest);
  }
}

function keyOf(workspaceId: string, digest: string): string {
  return `workspaces/${workspaceId}/${digest}`;
}
