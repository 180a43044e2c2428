import type { Readable } from 'node:stream';
import type { StagedBlob } from '@millrace/blobs';
import { ExchangeService } from '@millrace/contracts';
import { DomainError } from '@millrace/kernel';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { arriving } from '../bodies/arriving';
import { isMultipart, readMultipart } from '../bodies/multipart';
import { mountStreamed } from '../bodies/streamed';
import { queryOf } from '../door/path';
import { askedBy, type FilesParts } from '../files/files-parts';
import { malformed, signInNeeded } from '../problems/refusals';
import type { Routes } from '../routes';
import { AnswerWriter } from '../transcoding/answer-writer';
import { readQuery } from '../transcoding/query';

interface ImportRoute {
  Params: { readonly workspace?: string };
}

type ImportRequest = FastifyRequest<ImportRoute>;

/** What may be said of an import besides its bytes. */
interface Asked {
  readonly name?: string;
  readonly slug?: string;
  readonly prune?: boolean;
  readonly dryRun?: boolean;
}

const { admitImport, importWorkspace } = ExchangeService.method;
const CONFIG = { routeClass: 'import', streamsBody: true };
/** Milliseconds for which nothing may come. */
const IDLE = 60_000;
/** Milliseconds that taking an archive apart may take. */
const PATIENCE = 60_000;
/** Bytes of a form around its file. */
const AROUND = 1_048_576;

/** Takes workspaces in as archives: the bytes flow from the door into the blob store, and are taken apart when all of them are there. */
export class Imports implements Routes {
  private readonly writer = new AnswerWriter(importWorkspace);

  constructor(private readonly parts: FilesParts) {}

  mount(fastify: FastifyInstance): void {
    const options = { config: CONFIG, onRequest: (request: ImportRequest) => this.admit(request) };
    mountStreamed(fastify, (scope) => {
      scope.post<ImportRoute>('/v1/workspaces::import', options, (request, reply) => this.import(request, reply));
      scope.post<ImportRoute>('/v1/workspaces/:workspace([^/:]+)::import', options, (request, reply) => this.import(request, reply));
    });
  }

  /** Before the body is read: who sends it, and may they. */
  private async admit(request: ImportRequest): Promise<void> {
    const { bus, clock, callers } = this.parts;
    const principal = await callers.caller(request);
    if (principal.kind === 'anonymous') throw signInNeeded();
    const asked = { workspaceId: request.params.workspace ?? '' };
    request.mostBytes = (await bus.call(admitImport, asked, askedBy(request, principal, clock))).most;
  }

  private async import(request: ImportRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { bus, callers, clock, staged } = this.parts;
    const asked = askedIn(request.raw.url ?? '');
    const { ref } = await this.take(request);
    const context = { ...askedBy(request, await callers.caller(request), clock), deadline: clock.now() + PATIENCE };
    const message = { ...asked, ref, workspaceId: request.params.workspace ?? '' };
    const answer = await bus.call(importWorkspace, message, context).catch(async (error: unknown) => {
      // Refused before anybody took them over, at the latest swept.
      if (error instanceof DomainError) await staged.discard(ref).catch(() => undefined);
      throw error;
    });
    const { status, body } = this.writer.answer(answer);
    const made = request.params.workspace === undefined ? answer.workspace : undefined;
    if (made !== undefined) reply.header('location', `/v1/workspaces/${made.id}`);
    return reply
      .code(made === undefined ? status : 201)
      .type('application/json')
      .send(body);
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

type Read = (text: string, name: string) => Asked;

const READERS: ReadonlyMap<string, Read> = new Map<string, Read>([
  ['name', (name) => ({ name })],
  ['slug', (slug) => ({ slug })],
  ['prune', (text, name) => ({ prune: truthOf(text, name) })],
  ['dryRun', (text, name) => ({ dryRun: truthOf(text, name) })],
]);

/** What the query asks of an import, each once. */
function askedIn(url: string): Asked {
  let asked: Asked = {};
  for (const [name, [value = '', ...others]] of readQuery(queryOf(url))) {
    const read = READERS.get(name);
    if (read === undefined)
      throw unreadable(name, `There is no such thing to say of an import. These are: ${[...READERS.keys()].join(', ')}.`);
    if (others.length > 0) throw unreadable(name, 'Say it once.');
    asked = { ...asked, ...read(value, name) };
  }
  return asked;
}

function truthOf(text: string, name: string): boolean {
  if (text === 'true' || text === 'false') return text === 'true';
  throw unreadable(name, 'It is true or false.');
}

function unreadable(name: string, detail: string): Error {
  const pointer = `/${name.slice(0, 64)}`;
  return malformed('import_invalid', `${pointer}: ${detail}`, [{ pointer, code: 'api.import_invalid', detail }]);
}

function tooLarge(most: number): DomainError {
  return malformed('archive_too_large', `An archive may have at most ${most} bytes here.`);
}

function oneArchive(): DomainError {
  return malformed('import_invalid', 'The form must hold one file: the archive.');
}
