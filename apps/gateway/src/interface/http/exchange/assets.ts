import { Readable } from 'node:stream';
import { DraftsService } from '@millrace/contracts';
import { DomainError } from '@millrace/kernel';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { arriving } from '../bodies/arriving';
import { mountStreamed } from '../bodies/streamed';
import { mounted } from '../hand-routes/hand-route';
import { DRAFT_CONTENT, STAGE_ASSET } from '../hand-routes/exchange';
import { queryOf } from '../door/path';
import { askedBy, type FilesParts } from '../files/files-parts';
import { malformed, signInNeeded } from '../problems/refusals';
import type { Routes } from '../routes';
import { AnswerWriter } from '../transcoding/answer-writer';
import { readQuery } from '../transcoding/query';
import { bytesOf } from './pieces';

interface AssetRoute {
  Params: { readonly workspaceId: string };
}

type AssetRequest = FastifyRequest<AssetRoute>;

const { admitAsset, openDraftFile, stageAsset } = DraftsService.method;
/** Milliseconds for which nothing may come. */
const IDLE = 60_000;
const LONGEST_PATH = 200;

/** Takes the bytes of assets in for an apply, and gives files of drafts out byte for byte. */
export class Assets implements Routes {
  private readonly writer = new AnswerWriter(stageAsset);

  constructor(private readonly parts: FilesParts) {}

  mount(fastify: FastifyInstance): void {
    const onRequest = (request: AssetRequest) => this.admit(request);
    const staging = mounted(STAGE_ASSET, { streamsBody: true });
    mountStreamed(fastify, (scope) => {
      scope.route<AssetRoute>({ ...staging, onRequest, handler: (request, reply) => this.take(request, reply) });
    });
    fastify.route<AssetRoute>({ ...mounted(DRAFT_CONTENT), handler: (request, reply) => this.send(request, reply) });
  }

  /** Before the body is read: who sends it, and may they. */
  private async admit(request: AssetRequest): Promise<void> {
    const asked = { workspaceId: request.params.workspaceId };
    request.mostBytes = (await this.parts.bus.call(admitAsset, asked, await this.context(request))).most;
  }

  private async take(request: AssetRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { bus, staged } = this.parts;
    const { body, mostBytes: most = 0 } = request;
    if (body === undefined || body === null) throw malformed('body_missing', 'The request has no body. Send the asset.');
    const { ref } = await staged.put(arriving(body as Readable, { most, idle: IDLE, tooLarge: () => tooLarge(most) }));
    const message = { workspaceId: request.params.workspaceId, ref };
    const answer = await bus.call(stageAsset, message, await this.context(request)).catch(async (error: unknown) => {
      // Refused before anybody took them over, at the latest swept.
      if (error instanceof DomainError) await staged.discard(ref).catch(() => undefined);
      throw error;
    });
    return reply.type('application/json').send((await this.writer.answer(answer)).body);
  }

  private async send(request: AssetRequest, reply: FastifyReply): Promise<FastifyReply> {
    const message = { workspaceId: request.params.workspaceId, path: pathIn(request.raw.url ?? '') };
    const pieces = this.parts.bus.stream(openDraftFile, message, await this.context(request))[Symbol.asyncIterator]();
    // Waited for before the answer begins: a refusal is told with its own status.
    const first = await pieces.next();
    const digest = first.done === true ? '' : first.value.digest;
    reply.headers({ 'content-type': 'application/octet-stream', 'content-disposition': 'attachment', etag: `"${digest}"` });
    return reply.send(Readable.from(bytesOf(pieces), { objectMode: false }));
  }

  private async context(request: AssetRequest) {
    const { callers, clock } = this.parts;
    const principal = await callers.caller(request);
    if (principal.kind === 'anonymous') throw signInNeeded();
    return askedBy(request, principal, clock);
  }
}

function pathIn(url: string): string {
  const [path = '', ...others] = readQuery(queryOf(url)).get('path') ?? [];
  if (others.length === 0 && path !== '' && path.length <= LONGEST_PATH) return path;
  const detail = `A file of a draft takes one thing to say: its path, of at most ${LONGEST_PATH} characters.`;
  throw malformed('content_invalid', detail, [{ pointer: '/path', code: 'api.content_invalid', detail }]);
}

function tooLarge(most: number): DomainError {
  return malformed('asset_too_large', `An asset may have at most ${most} bytes here.`);
}
