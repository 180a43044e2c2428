import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import type { BlobStat, ByteRange } from '../blobs';
import { rangeInvalid } from '../refusals';
import { damaged } from '../verified';

const DIGEST = 32;
const CHUNK = 64 * 1024;

/** Writes a blob file: the bytes, then the 32 bytes of their SHA-256. One file, so one rename makes both true at once. */
export async function writeBlob(file: FileHandle, bytes: Uint8Array | AsyncIterable<Uint8Array>): Promise<BlobStat> {
  const hash = createHash('sha256');
  let size = 0;
  const passing = async function* () {
    for await (const chunk of bytes instanceof Uint8Array ? [bytes] : bytes) {
      hash.update(chunk);
      size += chunk.byteLength;
      yield chunk;
    }
  };
  await file.writeFile(passing());
  const digest = hash.digest();
  await file.writeFile(digest);
  return { size, sha256: digest.toString('hex') };
}

/** What a blob file says of its bytes. */
export async function statBlob(key: string, file: FileHandle): Promise<BlobStat> {
  const size = (await file.stat()).size - DIGEST;
  if (size < 0) throw damaged(key);
  const { buffer } = await file.read(Buffer.alloc(DIGEST), 0, DIGEST, size);
  return { size, sha256: buffer.toString('hex') };
}

/** Streams a blob file and closes it. Read as a whole, it fails at the end when the bytes are not those that were written. */
export async function* readBlob(key: string, file: FileHandle, { size, sha256 }: BlobStat, range?: ByteRange): AsyncGenerator<Uint8Array> {
  try {
    const hash = range === undefined ? createHash('sha256') : undefined;
    const end = Math.min(range?.end ?? size - 1, size - 1);
    for (let at = range?.start ?? 0; at <= end;) {
      const { buffer, bytesRead } = await file.read(new Uint8Array(Math.min(CHUNK, end + 1 - at)), { position: at });
      if (bytesRead === 0) throw damaged(key);
      at += bytesRead;
      const chunk = buffer.subarray(0, bytesRead);
      hash?.update(chunk);
      yield chunk;
    }
    if (hash !== undefined && hash.digest('hex') !== sha256) throw damaged(key);
  } finally {
    await file.close();
  }
}

/** Refuses with `blobs.range_invalid` a range that holds no byte. */
export function requireRange(key: string, size: number, { start, end }: ByteRange): void {
  if (!Number.isInteger(start) || start < 0 || start >= size || (end !== undefined && !(end >= start))) throw rangeInvalid(key, size);
}
