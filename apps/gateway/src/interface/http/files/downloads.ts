import { Readable } from 'node:stream';
import type { MessageShape } from '@bufbuild/protobuf';
import { timestampDate } from '@bufbuild/protobuf/wkt';
import { FilesService, type FileContentSchema } from '@millrace/contracts';
import { ANONYMOUS } from '@millrace/kernel';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { mounted } from '../hand-routes/hand-route';
import { DOWNLOAD_FILE, DOWNLOAD_LINK } from '../hand-routes/files';
import type { EndpointOrigin } from '../door/endpoint-origin';
import { malformed } from '../problems/refusals';
import type { Routes } from '../routes';
import { dispositionOf } from './disposition';
import { askedBy, type FilesParts } from './files-parts';
import { spanOf, type Span } from './ranges';

interface FileRoute {
  Params: { readonly workspaceId: string; readonly fileId: string };
}

interface LinkRoute {
  Params: { readonly token: string };
}

type Content = MessageShape<typeof FileContentSchema>;

export interface DownloadsParts extends FilesParts {
  readonly apart: EndpointOrigin;
}

const { openFile, openLink } = FilesService.method;
const AUTHORED = { authored: true };
/** What may stand in a header as a type. */
const PLAIN_TYPE = /^[\w.+-]+\/[\w.+-]+$/;

/** Gives files out: whole, in part, or not at all when the caller has them. */
export class Downloads implements Routes {
  constructor(private readonly parts: DownloadsParts) {}

  mount(fastify: FastifyInstance): void {
    fastify.route<FileRoute>({ ...mounted(DOWNLOAD_FILE, AUTHORED), handler: (request, reply) => this.file(request, reply) });
    fastify.route<LinkRoute>({ ...mounted(DOWNLOAD_LINK, AUTHORED), handler: (request, reply) => this.link(request, reply) });
  }

  private async file(request: FastifyRequest<FileRoute>, reply: FastifyReply): Promise<FastifyReply> {
    const { bus, callers, clock } = this.parts;
    const { workspaceId, fileId } = request.params;
    const context = askedBy(request, await callers.caller(request), clock);
    const { content } = await bus.call(openFile, { workspaceId, fileId }, context);
    return this.send(request, reply, content);
  }

  /** Whoever has the link may have the file: no other credential is looked at. */
  private async link(request: FastifyRequest<LinkRoute>, reply: FastifyReply): Promise<FastifyReply> {
    const { bus, clock } = this.parts;
    const { content } = await bus.call(openLink, { token: request.params.token }, askedBy(request, ANONYMOUS, clock));
    return this.send(request, reply, content);
  }

  private async send(request: FastifyRequest, reply: FastifyReply, content: Content | undefined): Promise<FastifyReply> {
    if (content === undefined) throw new Error('The service of workspaces opened a file and did not say which.');
    const { sha256, size } = content;
    const etag = `"${sha256}"`;
    this.describe(request, reply, content, etag);
    if (isKnown(request.headers['if-none-match'], etag)) return reply.code(304).send();
    const span = spanOf(request.headers, size, etag);
    if (span === 'none') {
      reply.header('content-range', `bytes */${size}`);
      throw malformed('range_invalid', `The file has ${size} bytes, and none of those that were asked for.`);
    }
    if (span !== undefined) reply.code(206).header('content-range', `bytes ${span.start}-${span.end}/${size}`);
    reply.header('content-length', span === undefined ? size : span.end - span.start + 1);
    const isWanted = request.method !== 'HEAD' && size > 0;
    return reply.send(isWanted ? await this.bytes(content, span) : Readable.from([]));
  }

  private describe(request: FastifyRequest, reply: FastifyReply, { name, type, updatedAt, public: isPublic }: Content, etag: string): void {
    const isApart = this.parts.apart.isHere(request);
    reply.headers({
      etag,
      'content-type': PLAIN_TYPE.test(type) ? type : 'application/octet-stream',
      'content-disposition': dispositionOf(name, type, isApart),
      'accept-ranges': 'bytes',
      'cache-control': isPublic ? 'public, no-cache' : 'private, no-cache',
      ...(updatedAt === undefined ? {} : { 'last-modified': timestampDate(updatedAt).toUTCString() }),
      ...(isApart ? {} : { 'content-security-policy': 'sandbox' }),
    });
  }

  private async bytes({ ref }: Content, span: Span | undefined): Promise<Readable> {
    return Readable.from(await this.parts.staged.get(ref, span), { objectMode: false });
  }
}

function isKnown(header: string | undefined, etag: string): boolean {
  return header?.split(',').some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === etag) === true;
}
