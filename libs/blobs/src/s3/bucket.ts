import { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { Client } from 'minio';
import type { BlobStat } from '../blobs';
import { blobsUnavailable } from '../refusals';
import { patientAgent, silent } from './agent';

/** What to connect to. */
export interface BucketOptions {
  /** `https://host` or `http://host:port`. */
  readonly url: string;
  readonly accessKey: string;
  readonly secretKey: string;
  readonly bucket: string;
  readonly region: string;
  /** How long nothing may come from the server, in milliseconds. */
  readonly patience: number;
}

/** An object as it comes: its bytes, or the part of them that was asked for, and what was said of it when it was stored. */
export interface Incoming {
  readonly bytes: AsyncIterable<Uint8Array>;
  /** How many of its bytes come. */
  readonly length: number;
  readonly sha256: string;
}

const SHA256 = 'x-amz-meta-sha256';
const MISSING = new Set(['NoSuchKey', 'NotFound']);
const NO_SUCH_RANGE = 'InvalidRange';
const MADE_ALREADY = new Set(['BucketAlreadyOwnedByYou', 'BucketAlreadyExists']);

/** One bucket of a server that speaks S3. A server that is away, or refuses us, is `blobs.unavailable`, within a bounded time. */
export class Bucket {
  private readonly client: Client;
  private readonly secure: boolean;

  constructor(private readonly options: BucketOptions) {
    const { protocol, hostname, port } = new URL(options.url);
    const { accessKey, secretKey, region } = options;
    this.secure = protocol === 'https:';
    this.client = new Client({
      ...{ endPoint: hostname, useSSL: this.secure, accessKey, secretKey, region },
      ...(port === '' ? {} : { port: Number(port) }),
      transportAgent: patientAgent(this.secure, options.patience),
      // The client would write to the console as it does.
      retryOptions: { disableRetry: true },
    });
  }

  /** Makes the bucket, unless it is there. */
  make(): Promise<void> {
    return asked(async () => {
      if (await this.client.bucketExists(this.options.bucket)) return;
      await this.client.makeBucket(this.options.bucket, this.options.region).catch((error: unknown) => {
        if (!MADE_ALREADY.has(codeOf(error))) throw error;
      });
    });
  }

  /** Stores an object in one piece: it is there whole, with what is known of it, or not at all. */
  async put(name: string, body: Buffer | Readable, { size, sha256 }: BlobStat): Promise<void> {
    const request = {
      method: 'PUT',
      bucketName: this.options.bucket,
      objectName: name,
      headers: { 'content-length': String(size), 'content-type': 'application/octet-stream', [SHA256]: sha256 },
    };
    // Over TLS the server does not ask for the sum of what comes.
    const answer = await asked(() => this.client.makeRequestStreamAsync(request, body, this.secure ? '' : sha256, [200], ''));
    answer.resume();
  }

  /** `undefined`: no such object; `none`: no byte of it is in the range. */
  async get(name: string, start: number, length: number): Promise<Incoming | 'none' | undefined> {
    try {
      const answer = await asked(() => this.client.getPartialObject(this.options.bucket, name, start, length));
      if (!(answer instanceof IncomingMessage)) throw new Error('The client answers otherwise than it did.');
      // From here on, time passes only while we wait for bytes: whoever reads may take theirs.
      answer.socket.setTimeout(0);
      const bytes = patiently(answer, this.options.patience);
      return { bytes, length: Number(answer.headers['content-length']), sha256: textOf(answer.headers[SHA256]) };
    } catch (error) {
      return absent(error);
    }
  }

  async stat(name: string): Promise<BlobStat | undefined> {
    try {
      const { size, metaData } = await asked(() => this.client.statObject(this.options.bucket, name));
      return { size, sha256: textOf((metaData as Record<string, unknown>)['sha256']) };
    } catch (error) {
      const found = absent(error);
      if (found === 'none') throw error;
      return found;
    }
  }

  remove(name: string): Promise<void> {
    return asked(() => this.client.removeObject(this.options.bucket, name));
  }

  /** Names that start with `prefix`, after `after`, in their order. */
  async *names(prefix: string, after: string, atOnce: number): AsyncGenerator<string> {
    for (let token = '', more = true; more;) {
      const found = await asked(() => this.client.listObjectsV2Query(this.options.bucket, prefix, token, '', atOnce, after));
      for (const { name } of found.objects) if (name !== undefined) yield name;
      token = found.nextContinuationToken;
      more = found.isTruncated;
    }
  }
}

async function* patiently(stream: Readable, patience: number): AsyncGenerator<Uint8Array> {
  const chunks = stream.iterator() as AsyncIterator<Uint8Array, undefined>;
  try {
    for (;;) {
      const timer = setTimeout(() => stream.destroy(silent()), patience);
      const next = await asked(() => chunks.next()).finally(() => clearTimeout(timer));
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    stream.destroy();
  }
}

function absent(error: unknown): 'none' | undefined {
  if (MISSING.has(codeOf(error))) return undefined;
  if (codeOf(error) === NO_SUCH_RANGE) return 'none';
  throw error;
}

async function asked<R>(question: () => Promise<R>): Promise<R> {
  try {
    return await question();
  } catch (error) {
    const code = codeOf(error);
    if (code === '' || MISSING.has(code) || code === NO_SUCH_RANGE) throw error;
    throw blobsUnavailable(code);
  }
}

/** The code of what the server or the network refused; empty for a fault of ours. */
function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return '';
  if ('code' in error && typeof error.code === 'string') return error.code;
  // Of a server that is overloaded or broken the client keeps the status alone.
  return 'message' in error && textOf(error.message).includes('Retryable HTTP status') ? 'ServerError' : '';
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
