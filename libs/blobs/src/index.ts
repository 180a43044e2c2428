export { Blobs } from './blobs';
export type { BlobStat, ByteRange } from './blobs';
export { FolderBlobs } from './folder/folder-blobs';
export { blobMissing, keyInvalid, rangeInvalid } from './refusals';
