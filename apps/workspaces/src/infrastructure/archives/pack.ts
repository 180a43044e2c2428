import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { pack as tarPack } from 'tar-stream';
import { ZipFile } from 'yazl';
import type { UnpackedFile } from '../../domain/exchange/unpacking';

type Files = AsyncIterable<UnpackedFile>;

const MODE = 0o100644;
/** The first moment that a zip can tell of, wherever it is read: it has no zones. */
const ZIP_TIME = new Date(1980, 0, 1);
const TAR_TIME = new Date(0);

/** The files as a zip, in their order, without times and owners. */
export async function* zipOf(files: Files): AsyncGenerator<Uint8Array> {
  const zip = new ZipFile();
  const output = zip.outputStream as Readable;
  const filling = (async () => {
    for await (const { path, content } of files) {
      zip.addBuffer(bytesOf(content), path, { mtime: ZIP_TIME, mode: MODE, forceDosTimestamp: true });
    }
    zip.end();
  })();
  yield* following(output, filling);
}

/** The files as a tar that is compressed, in their order, without times and owners. */
export async function* tarGzOf(files: Files): AsyncGenerator<Uint8Array> {
  const tar = tarPack();
  const gzip = createGzip();
  const filling = (async () => {
    for await (const { path, content } of files) await added(tar, path, bytesOf(content));
    tar.finalize();
  })();
  const flowing = pipeline(tar, gzip);
  yield* following(gzip, Promise.all([filling, flowing]));
}

/** Resolves when whoever reads the archive has room for more. */
function added(tar: ReturnType<typeof tarPack>, name: string, bytes: Buffer): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  tar.entry({ name, mtime: TAR_TIME, mode: MODE & 0o777, uid: 0, gid: 0, type: 'file' }, bytes, (error) => {
    if (error) reject(error);
    else resolve();
  });
  return promise;
}

function bytesOf(content: UnpackedFile['content']): Buffer {
  return typeof content === 'string' ? Buffer.from(content, 'utf8') : Buffer.from(content);
}

/** What comes out while it is filled; fails as the filling does. */
async function* following(output: Readable, filling: Promise<unknown>): AsyncGenerator<Uint8Array> {
  filling.catch((error: unknown) => output.destroy(error instanceof Error ? error : new Error(String(error))));
  for await (const chunk of output) yield chunk as Uint8Array;
  await filling;
}
