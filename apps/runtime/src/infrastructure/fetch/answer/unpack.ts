import { Writable } from 'node:stream';
import type { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';

/** More bytes came than were to be taken. */
export class TooManyBytes extends Error {}

/** HTTP says where a body ends; the packing need not say it too. An empty body is an empty one, whatever its headers say. */
const ZLIB = { flush: constants.Z_SYNC_FLUSH, finishFlush: constants.Z_SYNC_FLUSH };
const BROTLI = { flush: constants.BROTLI_OPERATION_FLUSH, finishFlush: constants.BROTLI_OPERATION_FLUSH };

const UNPACKERS: ReadonlyMap<string, () => Transform> = new Map<string, () => Transform>([
  ['gzip', () => createGunzip(ZLIB)],
  ['x-gzip', () => createGunzip(ZLIB)],
  ['deflate', () => createInflate(ZLIB)],
  ['br', () => createBrotliDecompress(BROTLI)],
]);

/** Nobody packs more than twice; each packing more can multiply the work a small answer makes. */
const MOST_PACKINGS = 2;

/**
 * Reads a body, undoing its `Content-Encoding`; with one that is not known, the bytes stay as they came. Throws TooManyBytes as soon as
 * more than `most` bytes are there, counted unpacked; then and on any other failure the body is destroyed.
 */
export async function unpacked(body: Readable, encoding: string | undefined, most: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  const taken = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk);
      size += chunk.length;
      done(size > most ? new TooManyBytes() : null);
    },
  });
  await pipeline([body, ...unpackersOf(encoding), taken]);
  return Buffer.concat(chunks, size);
}

function unpackersOf(encoding = ''): readonly Transform[] {
  const names = encoding
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && name !== 'identity');
  const known = names.map((name) => UNPACKERS.get(name)).filter((make) => make !== undefined);
  return known.length < names.length || known.length > MOST_PACKINGS ? [] : known.reverse().map((make) => make());
}
