import type { UnpackedFile } from '../../domain/exchange/unpacking';

/** How files are packed into one. */
export type ArchiveFormat = 'zip' | 'tar.gz';

/** Packs the files of a workspace into one, and takes them out again. */
export abstract class Archives {
  /** The files as an archive, in their order and without times or owners: equal files, equal bytes. */
  abstract pack(files: AsyncIterable<UnpackedFile>, format: ArchiveFormat): AsyncIterable<Uint8Array>;
  /** The files of an archive of either format, in its order and from the root of the workspace that they are. One with anything wrong is refused whole: `workspaces.archive_refused`. */
  abstract unpack(archive: Uint8Array): Promise<readonly UnpackedFile[]>;
}
