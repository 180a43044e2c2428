import { randomUUID } from 'node:crypto';
import { mkdir, open, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { Blobs, type BlobStat, type ByteRange } from '../blobs';
import { requireKey, segmentsOf } from '../key';
import { blobMissing } from '../refusals';
import { readBlob, requireRange, statBlob, writeBlob } from './blob-file';
import { isMissing, place, remove } from './durable';
import { SUFFIX, walk } from './walk';

/**
 * Blobs in a folder of the machine, owned by one process: `kept/<key>~` is a blob, `incoming/` holds what is being written. On a file
 * system that does not tell `A` from `a`, keys must not differ by case alone.
 */
export class FolderBlobs extends Blobs {
  private constructor(
    private readonly kept: string,
    private readonly incoming: string,
  ) {
    super();
  }

  /** Where in its folder the blobs are: files that never change, only come and go. */
  static keptIn(folder: string): string {
    return join(folder, 'kept');
  }

  /** Opens the folder, creating it when new; sweeps away what a killed process left half written. */
  static async open(folder: string): Promise<FolderBlobs> {
    const blobs = new FolderBlobs(FolderBlobs.keptIn(folder), join(folder, 'incoming'));
    await rm(blobs.incoming, { recursive: true, force: true });
    await mkdir(blobs.incoming, { recursive: true });
    await mkdir(blobs.kept, { recursive: true });
    return blobs;
  }

  async put(key: string, bytes: Uint8Array | AsyncIterable<Uint8Array>): Promise<BlobStat> {
    requireKey(key);
    const path = join(this.incoming, randomUUID());
    try {
      const stat = await writeTo(path, bytes);
      await place(path, this.pathOf(key));
      return stat;
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    }
  }

  async get(key: string, range?: ByteRange): Promise<AsyncIterable<Uint8Array>> {
    const file = await this.find(key);
    if (file === undefined) throw blobMissing(key);
    try {
      const stat = await statBlob(key, file);
      if (range !== undefined) requireRange(key, stat.size, range);
      return readBlob(key, file, stat, range);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  async read(key: string): Promise<Uint8Array> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of await this.get(key)) chunks.push(chunk);
    return Buffer.concat(chunks);
  }

  async stat(key: string): Promise<BlobStat | undefined> {
    const file = await this.find(key);
    return file === undefined ? undefined : statBlob(key, file).finally(() => file.close());
  }

  async remove(key: string): Promise<void> {
    requireKey(key);
    await remove(this.pathOf(key), this.kept);
  }

  async list(prefix: string, limit: number, after = ''): Promise<readonly string[]> {
    const base = segmentsOf(prefix)
      .map((segment) => `${segment}/`)
      .join('');
    const keys: string[] = [];
    if (limit < 1) return keys;
    for await (const key of walk(this.kept, base, prefix, after)) {
      keys.push(key);
      if (keys.length === limit) break;
    }
    return keys;
  }

  private async find(key: string): Promise<FileHandle | undefined> {
    requireKey(key);
    try {
      return await open(this.pathOf(key), 'r');
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  private pathOf(key: string): string {
    return join(this.kept, ...`${key}${SUFFIX}`.split('/'));
  }
}

async function writeTo(path: string, bytes: Uint8Array | AsyncIterable<Uint8Array>): Promise<BlobStat> {
  const file = await open(path, 'wx');
  try {
    const stat = await writeBlob(file, bytes);
    await file.sync();
    return stat;
  } finally {
    await file.close();
  }
}
