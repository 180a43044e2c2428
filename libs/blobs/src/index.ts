export { Blobs } from './blobs';
export type { BlobStat, ByteRange } from './blobs';
export { FolderBlobs } from './folder/folder-blobs';
export { blobMissing, blobsUnavailable, blobTooLarge, keyInvalid, rangeInvalid } from './refusals';
export { S3Blobs } from './s3/s3-blobs';
export type { S3BlobsOptions } from './s3/s3-blobs';
export { StagedBlobs } from './staged-blobs';
export type { StagedBlob } from './staged-blobs';
