import { pipeline } from 'node:stream';
import type { Readable, Transform } from 'node:stream';
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

/** Reads a body whole; see `piecesOf`. */
export async function unpacked(body: Readable, encoding: string | undefined, most: number): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(piecesOf(body, encoding, most)));
}

/**
 * Reads a body piece by piece, undoing its `Content-Encoding`; with one that is not known, the bytes stay as they came. Throws TooManyBytes
 * as soon as more than `most` bytes are there, counted unpacked; then, on any other failure and when it is left, the body is destroyed.
 */
export async function* piecesOf(body: Readable, encoding: string | undefined, most: number): AsyncGenerator<Buffer> {
  let size = 0;
  try {
    for await (const piece of throughAll(body, unpackersOf(encoding)) as AsyncIterable<Buffer>) {
      size += piece.length;
      if (size > most) throw new TooManyBytes();
      yield piece;
    }
  } finally {
    body.destroy();
  }
}

function throughAll(body: Readable, [first, second]: readonly Transform[]): Readable {
  if (first === undefined) return body;
  // What goes wrong, its reader sees too.
  const ended = (): void => undefined;
  return second === undefined ? pipeline(body, first, ended) : pipeline(body, first, second, ended);
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
