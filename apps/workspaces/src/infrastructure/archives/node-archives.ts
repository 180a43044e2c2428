import { Archives, type ArchiveFormat } from '../../application/ports/archives';
import type { SourceFile } from '../../application/ports/checker';
import { tarGzOf, zipOf } from './pack';

/** Archives by the libraries for each kind. */
export class NodeArchives extends Archives {
  override pack(files: AsyncIterable<SourceFile>, format: ArchiveFormat): AsyncIterable<Uint8Array> {
    return format === 'zip' ? zipOf(files) : tarGzOf(files);
  }
}
