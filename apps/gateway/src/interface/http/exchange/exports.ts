import { Readable } from 'node:stream';
import { VersionsService } from '@millrace/contracts';
import type { Clock } from '@millrace/kernel';
import type { Bus } from '@millrace/messaging';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { HttpCallers } from '../auth/http-callers';
import { mounted } from '../hand-routes/hand-route';
import { EXPORT_VERSION } from '../hand-routes/exchange';
import { queryOf } from '../door/path';
import { askedBy } from '../files/files-parts';
import { dispositionOf } from '../files/disposition';
import { malformed, signInNeeded } from '../problems/refusals';
import type { Routes } from '../routes';
import { readQuery } from '../transcoding/query';
import { bytesOf } from './pieces';

export interface ExportsParts {
  readonly callers: HttpCallers;
  readonly bus: Bus;
  readonly clock: Clock;
}

interface ExportRoute {
  Params: { readonly workspaceId: string; readonly version: string };
}

const { exportVersion } = VersionsService.method;
/** Milliseconds until the first piece, and between two. */
const IDLE = 60_000;
const TYPES: ReadonlyMap<string, string> = new Map([
  ['zip', 'application/zip'],
  ['tar.gz', 'application/gzip'],
]);

/** Gives versions out as archives, while they are packed. */
export class Exports implements Routes {
  constructor(private readonly parts: ExportsParts) {}

  mount(fastify: FastifyInstance): void {
    fastify.route<ExportRoute>({ ...mounted(EXPORT_VERSION), handler: (request, reply) => this.send(request, reply) });
  }

  private async send(request: FastifyRequest<ExportRoute>, reply: FastifyReply): Promise<FastifyReply> {
    const { bus, callers, clock } = this.parts;
    const { workspaceId, version } = request.params;
    const { format, apps } = askedIn(request.raw.url ?? '');
    const principal = await callers.caller(request);
    if (principal.kind === 'anonymous') throw signInNeeded();
    const context = { ...askedBy(request, principal, clock), deadline: clock.now() + IDLE };
    const pieces = bus.stream(exportVersion, { workspaceId, version, format, apps }, context)[Symbol.asyncIterator]();
    // Waited for before the answer begins: a refusal is told with its own status.
    const first = await pieces.next();
    const name = first.done === true ? 'version' : first.value.name;
    reply.headers({ 'content-type': TYPES.get(format), 'content-disposition': dispositionOf(name, 'application/octet-stream', false) });
    return reply.send(Readable.from(bytesOf(pieces), { objectMode: false }));
  }
}

/** What the query asks of an export, each once. */
function askedIn(url: string): { readonly format: string; readonly apps: boolean } {
  const query = readQuery(queryOf(url));
  const [format = 'zip', ...formats] = query.get('format') ?? [];
  const [apps = 'false', ...others] = query.get('apps') ?? [];
  if (formats.length > 0 || !TYPES.has(format)) throw unreadable('format', `It is ${[...TYPES.keys()].join(' or ')}, said once.`);
  if (others.length > 0 || !['true', 'false'].includes(apps)) throw unreadable('apps', 'It is true or false, said once.');
  return { format, apps: apps === 'true' };
}

function unreadable(name: string, detail: string): Error {
  const pointer = `/${name}`;
  return malformed('export_invalid', `${pointer}: ${detail}`, [{ pointer, code: 'api.export_invalid', detail }]);
}
