import { lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { demandRoom } from '../apply/tree';
import { filesBelow } from '../folder/disk';

/** The files below a folder as a tar.gz; links and hidden ones are left out. Refuses what no server takes, before any of it is read. */
export async function packed(folder: string): Promise<Uint8Array> {
  const paths = filesBelow(folder).filter((path) => lstatSync(join(folder, path)).isFile());
  demandRoom(folder, paths);
  const tar = pack();
  for (const path of paths) tar.entry({ name: path }, readFileSync(join(folder, path)));
  tar.finalize();
  return gzipSync(Buffer.concat((await Array.fromAsync(tar as AsyncIterable<unknown>)) as Uint8Array[]));
}
