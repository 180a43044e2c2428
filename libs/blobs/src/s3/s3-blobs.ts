import { Blobs, type BlobStat, type ByteRange } from '../blobs';
import { requireKey, segmentsOf } from '../key';
import { damaged, verified } from '../verified';
import { blobMissing, blobTooLarge, rangeInvalid } from '../refusals';
import { Bucket, type BucketOptions } from './bucket';
import { Gathered } from './gathered';

/** Which bucket, and how patient to be with its server. */
export interface S3BlobsOptions extends Omit<BucketOptions, 'region' | 'patience'> {
  /** Default: `us-east-1`. */
  readonly region?: string;
  /** Milliseconds for which nothing may come from the server. Default: 10 s. */
  readonly patience?: number;
}

// What ends the name of an object. It sorts before whatever a key consists of, so names are in the order of keys; and where a server keeps
// objects as files, the object of `a` and the folder of `a/b` can stand side by side.
const END = '!';
const PATIENCE = 10_000;
const REGION = 'us-east-1';
const PAGE = 1_000;
// What S3 takes in one piece.
const LARGEST = 5 * 1024 ** 3;

/** Blobs in one bucket of a server that speaks S3, shared by all who open it: an object each, its SHA-256 beside it. */
export class S3Blobs extends Blobs {
  private constructor(private readonly bucket: Bucket) {
    super();
  }

  /** Makes the bucket if there is none. `blobs.unavailable` when the server is away or refuses. */
  static async open({ region = REGION, patience = PATIENCE, ...options }: S3BlobsOptions): Promise<S3Blobs> {
    const bucket = new Bucket({ ...options, region, patience });
    await bucket.make();
    return new S3Blobs(bucket);
  }

  async put(key: string, bytes: Uint8Array | AsyncIterable<Uint8Array>): Promise<BlobStat> {
    requireKey(key);
    await using gathered = await Gathered.from(bytes);
    const { stat } = gathered;
    if (stat.size > LARGEST) throw blobTooLarge(key, LARGEST);
    await this.bucket.put(key + END, gathered.body(), stat);
    return stat;
  }

  async get(key: string, range?: ByteRange): Promise<AsyncIterable<Uint8Array>> {
    requireKey(key);
    if (range !== undefined && !isRange(range)) throw await this.noSuchRange(key);
    const start = range?.start ?? 0;
    const found = await this.bucket.get(key + END, start, lengthOf(range));
    if (found === undefined) throw blobMissing(key);
    if (found === 'none' || (range !== undefined && found.length === 0)) throw await this.noSuchRange(key);
    return range === undefined ? verified(key, found.bytes, found.sha256) : found.bytes;
  }

  async read(key: string): Promise<Uint8Array> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of await this.get(key)) chunks.push(chunk);
    return Buffer.concat(chunks);
  }

  async stat(key: string): Promise<BlobStat | undefined> {
    requireKey(key);
    const stat = await this.bucket.stat(key + END);
    if (stat?.sha256 === '') throw damaged(key);
    return stat;
  }

  async remove(key: string): Promise<void> {
    requireKey(key);
    await this.bucket.remove(key + END);
  }

  async list(prefix: string, limit: number, after?: string): Promise<readonly string[]> {
    segmentsOf(prefix);
    const keys: string[] = [];
    if (limit < 1) return keys;
    for await (const name of this.bucket.names(prefix, after === undefined ? '' : after + END, Math.min(limit, PAGE))) {
      if (name.endsWith(END)) keys.push(name.slice(0, -END.length));
      if (keys.length === limit) break;
    }
    return keys;
  }

  private async noSuchRange(key: string): Promise<Error> {
    const stat = await this.stat(key);
    return stat === undefined ? blobMissing(key) : rangeInvalid(key, stat.size);
  }
}

function isRange({ start, end }: ByteRange): boolean {
  return Number.isInteger(start) && start >= 0 && (end === undefined || end >= start);
}

/** As the client counts: 0 is up to the last byte. */
function lengthOf(range: ByteRange | undefined): number {
  if (range?.end === undefined || !Number.isSafeInteger(range.end)) return 0;
  return range.end - range.start + 1;
}
