import type { Readable } from 'node:stream';
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import type { StagedBlob } from '@millrace/blobs';
import { FilesService, problemsOf } from '@millrace/contracts';
import { DomainError } from '@millrace/kernel';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { arriving } from '../bodies/arriving';
import { mounted } from '../hand-routes/hand-route';
import { CREATE_FILE, REPLACE_CONTENT } from '../hand-routes/files';
import { isMultipart, readMultipart } from '../bodies/multipart';
import { mountStreamed } from '../bodies/streamed';
import { pathOf, queryOf } from '../door/path';
import { malformed, signInNeeded } from '../problems/refusals';
import type { Routes } from '../routes';
import { AnswerWriter, type WrittenAnswer } from '../transcoding/answer-writer';
import { readQuery } from '../transcoding/query';
import { askedBy, type FilesParts } from './files-parts';
import { readUploadForm, type UploadSaid } from './upload-form';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set when the request may upload: the most bytes that may come. */
    mostBytes?: number;
  }
}

interface UploadRoute {
  Params: { readonly workspaceId: string; readonly fileId?: string };
}

type UploadRequest = FastifyRequest<UploadRoute>;
type Commit = MessageInitShape<(typeof FilesService)['method']['commitFile']['input']>;

const { admitUpload, commitFile, commitContent } = FilesService.method;
const STREAMED = { streamsBody: true };
/** Milliseconds for which nothing may come. */
const IDLE = 60_000;
/** Bytes of a form around its file. */
const AROUND = 1_048_576;

/** Takes files in: their bytes flow from the door into the blob store, and become a file when all of them are there. */
export class Uploads implements Routes {
  private readonly created = new AnswerWriter(commitFile);
  private readonly replaced = new AnswerWriter(commitContent);

  constructor(private readonly parts: FilesParts) {}

  mount(fastify: FastifyInstance): void {
    const onRequest = (request: UploadRequest) => this.admit(request);
    mountStreamed(fastify, (scope) => {
      scope.route<UploadRoute>({ ...mounted(CREATE_FILE, STREAMED), onRequest, handler: (request, reply) => this.create(request, reply) });
      scope.route<UploadRoute>({
        ...mounted(REPLACE_CONTENT, STREAMED),
        onRequest,
        handler: (request, reply) => this.replace(request, reply),
      });
    });
  }

  /** Before the body is read: who sends it, and may they. */
  private async admit(request: UploadRequest): Promise<void> {
    const { params, headers } = request;
    const { bus, clock, callers } = this.parts;
    const principal = await callers.caller(request);
    if (principal.kind === 'anonymous') throw signInNeeded();
    const size = isMultipart(headers['content-type']) ? 0 : Math.min(Number(headers['content-length'] ?? 0), 0xffff_ffff);
    const asked = { workspaceId: params.workspaceId, fileId: params.fileId ?? '', size };
    const { most } = await bus.call(admitUpload, asked, askedBy(request, principal, clock));
    request.mostBytes = most;
  }

  private async create(request: UploadRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { staged, said, declared } = isMultipart(request.headers['content-type'])
      ? await this.takeForm(request)
      : await this.takeRaw(request);
    const commit = { workspaceId: request.params.workspaceId, ref: staged.ref, declaredType: declared, ...said };
    const answer = await this.settled(staged, async () => {
      checkCommit(commit);
      return this.parts.bus.call(commitFile, commit, await this.context(request));
    });
    const written = await this.created.answer(answer);
    reply.header('location', `${pathOf(request.raw.url ?? '')}/${written.id ?? ''}`);
    return send(reply, written);
  }

  private async replace(request: UploadRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { params, headers } = request;
    if (isMultipart(headers['content-type'])) throw malformed('media_type', 'Send the bytes of the file as the body, not as a form.');
    const { staged, declared } = await this.takeRaw(request);
    const { workspaceId, fileId = '' } = params;
    const commit = { workspaceId, fileId, ref: staged.ref, declaredType: declared, ifMatch: headers['if-match'] ?? '' };
    const answer = await this.settled(staged, async () => this.parts.bus.call(commitContent, commit, await this.context(request)));
    return send(reply, await this.replaced.answer(answer));
  }

  private async takeRaw(request: UploadRequest): Promise<Taken> {
    const said = readUploadForm(saidInQuery(request));
    const staged = await this.parts.staged.put(this.bytes(request, request.mostBytes ?? 0));
    return { staged, said, declared: request.headers['content-type'] ?? '' };
  }

  /** One file, and what is said of it in whatever order. */
  private async takeForm(request: UploadRequest): Promise<Taken> {
    const most = request.mostBytes ?? 0;
    const kept: StagedBlob[] = [];
    try {
      const form = await readMultipart(request.headers['content-type'] ?? '', this.bytes(request, most + AROUND), async (file) => {
        if (kept.length > 0) throw oneFile();
        const staged = await this.parts.staged.put(bounded(file.bytes, most));
        kept.push(staged);
        return { staged, name: file.name, declared: file.type };
      });
      const [[, file] = [undefined, undefined]] = form.files;
      if (file === undefined || form.files.length > 1) throw oneFile();
      const said = readUploadForm([...saidInQuery(request), ...form.fields]);
      return { staged: file.staged, said: { name: file.name, ...said }, declared: file.declared };
    } catch (error) {
      for (const { ref } of kept) await this.parts.staged.discard(ref).catch(() => undefined);
      throw error;
    }
  }

  private bytes({ body }: UploadRequest, most: number): AsyncIterable<Uint8Array> {
    if (body === undefined || body === null) throw malformed('body_missing', 'The request has no body. Send the bytes of the file.');
    return arriving(body as Readable, { most, idle: IDLE, tooLarge: () => tooLarge(most) });
  }

  /** Bytes that become no file are not kept; should they stay after all, they are swept. */
  private async settled<T>({ ref }: StagedBlob, commit: () => Promise<T>): Promise<T> {
    try {
      return await commit();
    } catch (error) {
      if (error instanceof DomainError && error.refusal !== 'unavailable') await this.parts.staged.discard(ref).catch(() => undefined);
      throw error;
    }
  }

  /** Asked anew: who was let in at the beginning of a long upload may be out by its end. */
  private async context(request: UploadRequest) {
    return askedBy(request, await this.parts.callers.caller(request), this.parts.clock);
  }
}

interface Taken {
  readonly staged: StagedBlob;
  readonly said: UploadSaid;
  readonly declared: string;
}

function saidInQuery({ raw: { url = '' } }: UploadRequest): readonly (readonly [name: string, value: string])[] {
  return [...readQuery(queryOf(url))].flatMap(([name, values]) => values.map((value) => [name, value] as const));
}

async function* bounded(source: AsyncIterable<Uint8Array>, most: number): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const chunk of source) {
    size += chunk.byteLength;
    if (size > most) throw tooLarge(most);
    yield chunk;
  }
}

function checkCommit(commit: Commit): void {
  const errors = problemsOf(commitFile.input, create(commitFile.input, commit));
  if (errors.length === 0) return;
  throw new DomainError('api.invalid', 'invalid', errors.map(({ pointer, detail }) => `${pointer}: ${detail}`).join('; '), { errors });
}

function send(reply: FastifyReply, { status, body, etag }: WrittenAnswer): FastifyReply {
  if (etag !== undefined) reply.header('etag', `"${etag}"`);
  return reply.code(status).type('application/json').send(body);
}

function tooLarge(most: number): DomainError {
  return malformed('upload_too_large', `The file may have at most ${most} bytes here. Send less, or delete other files first.`);
}

function oneFile(): DomainError {
  return malformed('upload_invalid', 'The form must hold one file, and what is said of it as fields.');
}
