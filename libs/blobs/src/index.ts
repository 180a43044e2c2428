export { Blobs } from './blobs';
export type { BlobStat, ByteRange } from './blobs';
