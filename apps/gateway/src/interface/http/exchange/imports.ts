import type { Readable } from 'node:stream';
import type { StagedBlob } from '@millrace/blobs';
import { ExchangeService, JobsService } from '@millrace/contracts';
import { DomainError } from '@millrace/kernel';
import type { CallContext } from '@millrace/messaging';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { arriving } from '../bodies/arriving';
import { mounted } from '../hand-routes/hand-route';
import { IMPORT_INTO, IMPORT_NEW } from '../hand-routes/exchange';
import { isMultipart, readMultipart } from '../bodies/multipart';
import { mountStreamed } from '../bodies/streamed';
import { queryOf } from '../door/path';
import { preferencesOf } from '../calls/preferences';
import { askedBy, type FilesParts } from '../files/files-parts';
import { malformed, signInNeeded } from '../problems/refusals';
import type { Routes } from '../routes';
import { AnswerWriter } from '../transcoding/answer-writer';
import { readQuery } from '../transcoding/query';

interface ImportRoute {
  Params: { readonly workspaceId?: string };
}

type ImportRequest = FastifyRequest<ImportRoute>;

/** What may be said of an import besides its bytes. */
interface Asked {
  readonly name?: string;
  readonly slug?: string;
  readonly app?: string;
  readonly prune?: boolean;
  readonly dryRun?: boolean;
}

const { admitImport, importWorkspace } = ExchangeService.method;
const { getJob } = JobsService.method;
const STREAMED = { streamsBody: true };
/** Milliseconds for which nothing may come. */
const IDLE = 60_000;
/** Milliseconds that taking an archive apart may take. */
const PATIENCE = 60_000;
/** Seconds that a caller is held at most. */
const LONGEST_WAIT = 30;
/** Bytes of a form around its file. */
const AROUND = 1_048_576;

/** Takes workspaces in as archives: the bytes flow from the door into the blob store, and are taken apart when all of them are there. */
export class Imports implements Routes {
  private readonly writer = new AnswerWriter(importWorkspace);
  private readonly jobWriter = new AnswerWriter(getJob);

  constructor(private readonly parts: FilesParts) {}

  mount(fastify: FastifyInstance): void {
    const onRequest = (request: ImportRequest) => this.admit(request);
    const handler = (request: ImportRequest, reply: FastifyReply) => this.import(request, reply);
    mountStreamed(fastify, (scope) => {
      for (const route of [IMPORT_NEW, IMPORT_INTO]) scope.route<ImportRoute>({ ...mounted(route, STREAMED), onRequest, handler });
    });
  }

  /** Before the body is read: who sends it, and may they. */
  private async admit(request: ImportRequest): Promise<void> {
    const { bus, clock, callers } = this.parts;
    const principal = await callers.caller(request);
    if (principal.kind === 'anonymous') throw signInNeeded();
    const asked = { workspaceId: request.params.workspaceId ?? '' };
    request.mostBytes = (await bus.call(admitImport, asked, askedBy(request, principal, clock))).most;
  }

  private async import(request: ImportRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { bus, callers, clock, staged } = this.parts;
    const asked = askedIn(request.raw.url ?? '');
    const { ref } = await this.take(request);
    const context = { ...askedBy(request, await callers.caller(request), clock), deadline: clock.now() + PATIENCE };
    const wishes = wishesOf(request);
    const message = { ...asked, ...wishes.asked, ref, workspaceId: request.params.workspaceId ?? '' };
    const answer = await bus.call(importWorkspace, message, context).catch(async (error: unknown) => {
      // Refused before anybody took them over, at the latest swept.
      if (error instanceof DomainError) await staged.discard(ref).catch(() => undefined);
      throw error;
    });
    if (wishes.applied !== undefined) reply.header('preference-applied', wishes.applied);
    if (answer.job !== '') return this.later(reply, answer.job, context);
    const { status, body } = await this.writer.answer(answer);
    const made = request.params.workspaceId === undefined ? answer.workspace : undefined;
    if (made !== undefined) reply.header('location', `/v1/workspaces/${made.id}`);
    return reply
      .code(made === undefined ? status : 201)
      .type('application/json')
      .send(body);
  }

  /** Says where what comes of it will be, and how far it has come. */
  private async later(reply: FastifyReply, jobId: string, context: CallContext): Promise<FastifyReply> {
    const { body } = await this.jobWriter.answer(await this.parts.bus.call(getJob, { jobId }, context));
    reply.headers({ location: `/v1/jobs/${jobId}`, 'retry-after': '1' });
    return reply.code(202).type('application/json').send(body);
  }

  /** The archive is the body, or the one file of a form. */
  private async take(request: ImportRequest): Promise<StagedBlob> {
    const { staged } = this.parts;
    const { headers, body, mostBytes = 0 } = request;
    if (body === undefined || body === null) throw malformed('body_missing', 'The request has no body. Send the archive.');
    const bytes = arriving(body as Readable, { most: mostBytes + AROUND, idle: IDLE, tooLarge: () => tooLarge(mostBytes) });
    if (!isMultipart(headers['content-type'])) return staged.put(bytes);
    const kept: StagedBlob[] = [];
    try {
      const { files } = await readMultipart(headers['content-type'] ?? '', bytes, async (file) => {
        if (kept.length > 0) throw oneArchive();
        kept.push(await staged.put(file.bytes));
      });
      const [one] = kept;
      if (one === undefined || files.length > 1) throw oneArchive();
      return one;
    } catch (error) {
      for (const { ref } of kept) await staged.discard(ref).catch(() => undefined);
      throw error;
    }
  }
}

/** How long the caller would like to be held, as it asked, and what of that is done. Whoever would not be held at all is not, whatever else they say. */
function wishesOf({ headers }: ImportRequest): { readonly asked: { readonly wait?: number }; readonly applied?: string } {
  const { async, wait } = preferencesOf(headers);
  if (async) return { asked: { wait: 0 }, applied: 'respond-async' };
  return wait === undefined || wait > LONGEST_WAIT ? { asked: {} } : { asked: { wait }, applied: `wait=${wait}` };
}

type Read = (text: string, name: string) => Asked;

const READERS: ReadonlyMap<string, Read> = new Map<string, Read>([
  ['name', (name) => ({ name })],
  ['slug', (slug) => ({ slug })],
  ['app', (app) => ({ app })],
  ['prune', (text, name) => ({ prune: truthOf(text, name) })],
  ['dryRun', (text, name) => ({ dryRun: truthOf(text, name) })],
]);

/** What the query asks of an import, each once. */
function askedIn(url: string): Asked {
  let asked: Asked = {};
  for (const [name, [value = '', ...others]] of readQuery(queryOf(url))) {
    if (others.length > 0) throw unreadable(name, 'Say it once.');
    asked = { ...asked, ...READERS.get(name)?.(value, name) };
  }
  return asked;
}

function truthOf(text: string, name: string): boolean {
  if (text === 'true' || text === 'false') return text === 'true';
  throw unreadable(name, 'It is true or false.');
}

function unreadable(name: string, detail: string): Error {
  const pointer = `/${name}`;
  return malformed('import_invalid', `${pointer}: ${detail}`, [{ pointer, code: 'api.import_invalid', detail }]);
}

function tooLarge(most: number): DomainError {
  return malformed('archive_too_large', `An archive may have at most ${most} bytes here.`);
}

function oneArchive(): DomainError {
  return malformed('import_invalid', 'The form must hold one file: the archive.');
}
