import { Archives, type ArchiveFormat } from '../../application/ports/archives';
import { ArchiveTooLarge, Unpacking, type UnpackedFile } from '../../domain/exchange/unpacking';
import { tarGzOf, zipOf } from './pack';
import { readTarGz, readZip } from './unpack';

/** Archives by the libraries for each kind. Bytes are inflated off the event loop, and taken in turns of one chunk. */
export class NodeArchives extends Archives {
  override pack(files: AsyncIterable<UnpackedFile>, format: ArchiveFormat): AsyncIterable<Uint8Array> {
    return format === 'zip' ? zipOf(files) : tarGzOf(files);
  }

  override async unpack(archive: Uint8Array): Promise<readonly UnpackedFile[]> {
    const bytes = Buffer.from(archive.buffer, archive.byteOffset, archive.byteLength);
    const unpacking = new Unpacking(bytes.byteLength);
    try {
      if (startsWith(bytes, ZIP) || startsWith(bytes, EMPTY_ZIP)) await readZip(bytes, unpacking);
      else if (startsWith(bytes, GZIP)) await readTarGz(bytes, unpacking);
      else unpacking.refuse('', 'unknown', 'It is neither a zip nor a tar.gz.');
    } catch (error) {
      // Whatever the libraries say is about the bytes: there is nothing else they could trip over.
      if (!(error instanceof ArchiveTooLarge)) unpacking.refuse('', 'unreadable', 'It is cut off, or no archive at all.');
    }
    return unpacking.finish();
  }
}

const ZIP = [0x50, 0x4b, 0x03, 0x04];
const EMPTY_ZIP = [0x50, 0x4b, 0x05, 0x06];
const GZIP = [0x1f, 0x8b];

function startsWith(bytes: Buffer, magic: readonly number[]): boolean {
  return magic.every((byte, index) => bytes[index] === byte);
}
