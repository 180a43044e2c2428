import { createHash, randomUUID } from 'node:crypto';
import { open, rm, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { BlobStat } from '../blobs';

const IN_MEMORY = 1024 * 1024;

/**
 * Bytes that were read to their end before any of them is sent, so that a source that fails has sent nothing, and what is known of them
 * goes ahead. Up to 1 MiB in memory, more in a file of the machine that nobody else can open.
 */
export class Gathered implements AsyncDisposable {
  private constructor(
    readonly stat: BlobStat,
    private readonly start: Buffer,
    private readonly file: FileHandle | undefined,
  ) {}

  /** Fails as the source does. */
  static async from(source: Uint8Array | AsyncIterable<Uint8Array>): Promise<Gathered> {
    const hash = createHash('sha256');
    const held: Uint8Array[] = [];
    let size = 0;
    let file: FileHandle | undefined;
    try {
      for await (const chunk of source instanceof Uint8Array ? [source] : source) {
        hash.update(chunk);
        size += chunk.byteLength;
        if (file === undefined && size <= IN_MEMORY) {
          held.push(chunk);
          continue;
        }
        file ??= await unnamedFile();
        await file.appendFile(Buffer.concat([...held.splice(0), chunk]));
      }
      return new Gathered({ size, sha256: hash.digest('hex') }, Buffer.concat(held), file);
    } catch (error) {
      await file?.close();
      throw error;
    }
  }

  /** The bytes, once. */
  body(): Buffer | Readable {
    return this.file === undefined ? this.start : this.file.createReadStream({ start: 0, autoClose: false });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.file?.close();
  }
}

/** A file that is gone when it is closed, also by a kill. */
async function unnamedFile(): Promise<FileHandle> {
  const path = join(tmpdir(), `millrace-${randomUUID()}`);
  const file = await open(path, 'wx+', 0o600);
  await rm(path);
  return file;
}
