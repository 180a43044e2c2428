/** What is known of a blob without reading it. `sha256` is lower-case hex of its bytes. */
export interface BlobStat {
  readonly size: number;
  readonly sha256: string;
}

/** Bytes `start` to `end`, both inclusive, counted from 0; without `end`, or beyond it, up to the last byte. */
export interface ByteRange {
  readonly start: number;
  readonly end?: number;
}

/**
 * Object storage. Keys: segments `[A-Za-z0-9._-]{1,128}` joined by `/`, at most 512 characters, no segment `.` or `..`; another key is
 * refused with `blobs.key_invalid`. A blob is there whole or not at all.
 */
export abstract class Blobs {
  /** Stores the bytes, replacing what was there. Durable when it resolves. A source that fails leaves what was there. */
  abstract put(key: string, bytes: Uint8Array | AsyncIterable<Uint8Array>): Promise<BlobStat>;
  /**
   * Streams the bytes, or a range of them, as they are now, whatever is put meanwhile; to be read to the end or left by `break`.
   * `blobs.not_found` when there is none, `blobs.range_invalid` when no byte is in the range.
   */
  abstract get(key: string, range?: ByteRange): Promise<AsyncIterable<Uint8Array>>;
  /** All bytes at once, for small blobs. `blobs.not_found` when there is none. */
  abstract read(key: string): Promise<Uint8Array>;
  /** What is known of a blob; undefined when there is none. */
  abstract stat(key: string): Promise<BlobStat | undefined>;
  /** Removes a blob, durably when it resolves. Absent already is fine. */
  abstract remove(key: string): Promise<void>;
  /** Keys that start with `prefix`, in order of their characters, after the key `after`; at most `limit`. */
  abstract list(prefix: string, limit: number, after?: string): Promise<readonly string[]>;
}
