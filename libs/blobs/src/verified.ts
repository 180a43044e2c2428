import { createHash } from 'node:crypto';

/** Passes bytes on, and fails at the end when they are not those that were stored. */
export async function* verified(key: string, bytes: AsyncIterable<Uint8Array>, sha256: string): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  for await (const chunk of bytes) {
    hash.update(chunk);
    yield chunk;
  }
  if (hash.digest('hex') !== sha256) throw damaged(key);
}

/** The bytes of a blob are not those that were stored. */
export function damaged(key: string): Error {
  return new Error(`The blob "${key}" is damaged: its bytes are not those that were stored. Restore it from a backup.`);
}
