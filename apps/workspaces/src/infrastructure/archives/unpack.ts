import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { extract, type Extract } from 'tar-stream';
import { fromBufferPromise, type Entry as ZipEntry, type ZipFile } from 'yauzl';
import type { Unpacking } from '../../domain/exchange/unpacking';

/** Kinds of file that an attribute of a zip's entry tells of, where it was made on a system that has them. */
const KIND = 0o170000;
const LINK = 0o120000;
const PLAIN = [0, 0o100000];
/** How an entry of a zip may be kept: as it is, or deflated. */
const METHODS = [0, 8];

/** Takes the files out of a zip. What it says of an entry is checked before a byte of it is read; local headers are not believed. */
export async function readZip(bytes: Buffer, unpacking: Unpacking): Promise<void> {
  const zip = await fromBufferPromise(bytes, { decodeStrings: false, lazyEntries: true, validateEntrySizes: true });
  unpacking.announce(zip.entryCount);
  for await (const entry of zip.eachEntry()) {
    const name = nameOf(entry);
    if (name.endsWith('/')) continue;
    if (!unpacking.admits(name)) continue;
    const fault = faultOf(entry);
    if (fault === undefined) await unpackEntry(zip, entry, name, unpacking);
    else unpacking.refuse(name, ...fault);
  }
}

async function unpackEntry(zip: ZipFile, entry: ZipEntry, name: string, unpacking: Unpacking): Promise<void> {
  const stream = await zip.openReadStreamPromise(entry);
  unpacking.take(name, await whole(stream, (count) => unpacking.charge(count)));
}

function faultOf(entry: ZipEntry): [code: string, reason: string] | undefined {
  const kind = (entry.externalFileAttributes >>> 16) & KIND;
  if (kind === LINK) return ['link', 'It is a link.'];
  if (!PLAIN.includes(kind)) return ['kind', 'It is no plain file.'];
  if (entry.isEncrypted()) return ['encrypted', 'It is encrypted.'];
  return METHODS.includes(entry.compressionMethod) ? undefined : ['method', 'It is packed in a way that is not taken here.'];
}

/** As the directory of the zip has it: UTF-8, or what every other encoding has in common with it. */
function nameOf({ fileName }: { readonly fileName: unknown }): string {
  return Buffer.isBuffer(fileName) ? fileName.toString('utf8') : String(fileName);
}

/** Takes the files out of a compressed tar. */
export async function readTarGz(bytes: Buffer, unpacking: Unpacking): Promise<void> {
  const tar = extract();
  const counted = async function* (source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of source) {
      unpacking.charge(chunk.byteLength);
      yield chunk;
    }
  };
  const feeding = pipeline(Readable.from([bytes]), createGunzip(), counted, tar as unknown as NodeJS.WritableStream);
  const taking = takeEntries(tar, unpacking);
  const [fed, taken] = await Promise.allSettled([feeding, taking]);
  if (fed.status === 'rejected') throw fed.reason;
  if (taken.status === 'rejected') throw taken.reason;
}

async function takeEntries(tar: Extract, unpacking: Unpacking): Promise<void> {
  for await (const entry of tar) {
    const { name, type } = entry.header;
    const isFile = type === 'file' || type === 'contiguous-file';
    if (type === 'directory') {
      entry.resume();
    } else if (unpacking.admits(name.replace(/^\.\//, '')) && isFile) {
      unpacking.take(name.replace(/^\.\//, ''), await whole(entry, () => undefined));
    } else {
      if (!isFile) unpacking.refuse(name, 'link', 'It is a link, or no plain file.');
      entry.resume();
    }
  }
}

async function whole(stream: AsyncIterable<unknown>, charge: (count: number) => void): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) {
    const bytes = chunk as Uint8Array;
    charge(bytes.byteLength);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}
