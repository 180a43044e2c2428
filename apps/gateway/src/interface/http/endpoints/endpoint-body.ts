import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import type { MessageInitShape } from '@bufbuild/protobuf';
import type { StagedBlobs } from '@millrace/blobs';
import type { RuntimeService } from '@millrace/contracts';
import type { DomainError } from '@millrace/kernel';
import { arriving, arrivingWhole } from '../bodies/arriving';
import { isMultipart, readMultipart, type ArrivingFile } from '../bodies/multipart';
import { malformed } from '../problems/refusals';

type HandleEndpoint = MessageInitShape<(typeof RuntimeService)['method']['handleEndpoint']['input']>;
type Upload = NonNullable<HandleEndpoint['upload']>;
type UploadedFile = NonNullable<Upload['files']>[number];

/** A body as the runtime is given it: the bytes as they came, as far as they are few; files and large ones where they are kept. */
export type EndpointBody = Pick<HandleEndpoint, 'body' | 'upload'>;

/** How many bytes a call of an endpoint may bring. */
export interface BodyLimits {
  /** Of a body that its automation is given in hand; a larger one it is given as a file. */
  readonly inline: number;
  /** Of anything: larger files, forms with all their parts. */
  readonly most: number;
}

/** Milliseconds for which nothing may come. */
const IDLE = 30_000;
const NO_BODY: EndpointBody = { body: new Uint8Array() };

/** Reads the bodies of calls to endpoints: few bytes as they are, more as a staged blob, forms in parts with their files staged. */
export class EndpointBodies {
  constructor(
    private readonly staged: StagedBlobs,
    private readonly limits: BodyLimits,
  ) {}

  /** The content type alone says how it is read. Refuses more than the most; what was staged of a body that is refused is discarded. */
  async read(source: Readable | undefined, headers: IncomingHttpHeaders): Promise<EndpointBody> {
    if (source === undefined) return NO_BODY;
    const { 'content-type': contentType, 'content-length': length = 'unknown' } = headers;
    const { inline, most } = this.limits;
    const tooLarge = (): DomainError => bodyTooLarge(most);
    if (Number(length) > most) throw tooLarge();
    const isForm = contentType !== undefined && isMultipart(contentType);
    if (Number(length) <= inline && !isForm) return { body: await arrivingWhole(source, IDLE) };
    const staged: string[] = [];
    const stage = async (bytes: AsyncIterable<Uint8Array>) => {
      const blob = await this.staged.put(bytes);
      staged.push(blob.ref);
      return blob;
    };
    try {
      const bytes = arriving(source, { most, idle: IDLE, tooLarge });
      if (isForm) return await readForm(contentType, bytes, { stage, inline });
      return await readWhole(contentType ?? '', bytes, { stage, inline });
    } catch (error) {
      await this.discard(staged);
      throw error;
    }
  }

  private async discard(refs: readonly string[]): Promise<void> {
    await Promise.all(refs.map((ref) => this.staged.discard(ref).catch(() => undefined)));
  }
}

interface Reading {
  readonly stage: (bytes: AsyncIterable<Uint8Array>) => ReturnType<StagedBlobs['put']>;
  readonly inline: number;
}

async function readForm(contentType: string, bytes: AsyncIterable<Uint8Array>, { stage, inline }: Reading): Promise<EndpointBody> {
  const raw = new Beginning(inline);
  const form = await readMultipart(
    contentType,
    raw.of(bytes),
    async ({ field, name, type, bytes: content }: ArrivingFile): Promise<UploadedFile> => {
      return { field, name, type, ...(await stage(content)) };
    },
  );
  const fields = form.fields.map(([name, value]) => ({ name, value }));
  return { body: raw.whole ?? new Uint8Array(), upload: { whole: false, fields, files: form.files.map(([, file]) => file) } };
}

async function readWhole(type: string, bytes: AsyncIterable<Uint8Array>, { stage, inline }: Reading): Promise<EndpointBody> {
  const chunks = bytes[Symbol.asyncIterator]();
  const held: Uint8Array[] = [];
  let size = 0;
  while (size <= inline) {
    const next = await chunks.next();
    if (next.done === true) return size === 0 ? NO_BODY : { body: Buffer.concat(held, size) };
    held.push(next.value);
    size += next.value.byteLength;
  }
  const blob = await stage(joined(held, chunks));
  return { body: new Uint8Array(), upload: { whole: true, fields: [], files: [{ field: '', name: '', type, ...blob }] } };
}

async function* joined(held: Uint8Array[], rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* held.splice(0);
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
}

/** Keeps the bytes that pass, as long as they are few. */
class Beginning {
  private chunks: Uint8Array[] | undefined = [];
  private size = 0;

  constructor(private readonly most: number) {}

  /** All of them; undefined when they were too many. */
  get whole(): Uint8Array | undefined {
    return this.chunks === undefined ? undefined : Buffer.concat(this.chunks, this.size);
  }

  async *of(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of bytes) {
      this.size += chunk.byteLength;
      if (this.size > this.most) this.chunks = undefined;
      this.chunks?.push(chunk);
      yield chunk;
    }
  }
}

function bodyTooLarge(most: number): DomainError {
  return malformed('body_too_large', `The body is larger than ${most} bytes, the most that may be sent here. Send it in parts.`);
}
