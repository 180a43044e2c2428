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
    const bytes = Buffer.from(text, 'utf8');
    const digest = createHash('sha256').update(bytes).digest('hex');
    const key = keyOf(workspaceId, digest);
    if (!this.cache.has(key) && (await this.blobs.stat(key)) === undefined) await this.blobs.put(key, bytes);
    this.remember(key, text);
    return { digest, size: bytes.length };
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
