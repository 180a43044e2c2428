import { createHash } from 'node:crypto';
import type { Blobs } from '@millrace/blobs';
import { DomainError } from '@millrace/kernel';
import { FileStore } from '../application/ports/file-store';
import { retiredKey, textKey as keyOf } from './text-keys';

const CACHED = 2_000;

/**
 * Texts and assets as blobs `workspaces/<workspace>/<digest>`; the last texts used stay in memory, since a digest never means another. One that was
 * retired as nobody's and is asked for after all comes back.
 */
export class BlobFileStore extends FileStore {
  private readonly cache = new Map<string, string>();

  constructor(private readonly blobs: Blobs) {
    super();
  }

  override async put(workspaceId: string, content: string | Uint8Array): Promise<{ digest: string; size: number }> {
    const stored = this.digestOf(content);
    const key = keyOf(workspaceId, stored.digest);
    if ((await this.blobs.stat(key)) === undefined) await this.blobs.put(key, Buffer.from(content));
    if (typeof content === 'string') this.remember(key, content);
    return stored;
  }

  override digestOf(content: string | Uint8Array): { digest: string; size: number } {
    return { digest: createHash('sha256').update(content).digest('hex'), size: Buffer.byteLength(content) };
  }

  override async sizeOf(workspaceId: string, digest: string): Promise<number | undefined> {
    const key = keyOf(workspaceId, digest);
    const cached = this.cache.get(key);
    if (cached !== undefined) return Buffer.byteLength(cached, 'utf8');
    return ((await this.blobs.stat(key)) ?? (await this.blobs.stat(retiredKey(workspaceId, digest))))?.size;
  }

  override async get(workspaceId: string, digest: string): Promise<string> {
    const key = keyOf(workspaceId, digest);
    const cached = this.cache.get(key);
    if (cached !== undefined) return cached;
    const text = Buffer.from(await this.stored(workspaceId, digest)).toString('utf8');
    this.remember(key, text);
    return text;
  }

  override async bytes(workspaceId: string, digest: string): Promise<Uint8Array> {
    const cached = this.cache.get(keyOf(workspaceId, digest));
    return cached === undefined ? this.stored(workspaceId, digest) : Buffer.from(cached, 'utf8');
  }

  private async stored(workspaceId: string, digest: string): Promise<Uint8Array> {
    const key = keyOf(workspaceId, digest);
    try {
      return await this.blobs.read(key);
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'blobs.not_found') throw error;
      const bytes = await this.blobs.read(retiredKey(workspaceId, digest));
      await this.blobs.put(key, bytes);
      return bytes;
    }
  }

  private remember(key: string, text: string): void {
    this.cache.delete(key);
    this.cache.set(key, text);
    const [oldest] = this.cache.keys();
    if (this.cache.size > CACHED && oldest !== undefined) this.cache.delete(oldest);
  }
}
