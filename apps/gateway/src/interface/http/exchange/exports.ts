import { Readable } from 'node:stream';
import { VersionsService } from '@millrace/contracts';
import type { Clock } from '@millrace/kernel';
import type { Bus } from '@millrace/messaging';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { HttpCallers } from '../auth/http-callers';
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
  Params: { readonly workspace: string; readonly version: string };
}

const { exportVersion } = VersionsService.method;
const CONFIG = { config: { routeClass: 'export' } };
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
    const path = '/v1/workspaces/:workspace/versions/:version([^/:]+)::export';
    fastify.get<ExportRoute>(path, CONFIG, (request, reply) => this.send(request, reply));
  }

  private async send(request: FastifyRequest<ExportRoute>, reply: FastifyReply): Promise<FastifyReply> {
    const { bus, callers, clock } = this.parts;
    const { workspace: workspaceId, version } = request.params;
    const format = formatOf(request.raw.url ?? '');
    const principal = await callers.caller(request);
    if (principal.kind === 'anonymous') throw signInNeeded();
    const context = { ...askedBy(request, principal, clock), deadline: clock.now() + IDLE };
    const pieces = bus.stream(exportVersion, { workspaceId, version, format }, context)[Symbol.asyncIterator]();
    // Waited for before the answer begins: a refusal is told with its own status.
    const first = await pieces.next();
    const name = first.done === true ? 'version' : first.value.name;
    reply.headers({ 'content-type': TYPES.get(format), 'content-disposition': dispositionOf(name, 'application/octet-stream', false) });
    return reply.send(Readable.from(bytesOf(pieces), { objectMode: false }));
  }
}

function formatOf(url: string): string {
  const query = readQuery(queryOf(url));
  const [format = 'zip', ...others] = query.get('format') ?? [];
  const unknown = [...query.keys()].find((name) => name !== 'format');
  if (unknown === undefined && others.length === 0 && TYPES.has(format)) return format;
  const detail = `An export takes one thing to say: format, which is ${[...TYPES.keys()].join(' or ')}.`;
  throw malformed('export_invalid', detail, [{ pointer: `/${(unknown ?? 'format').slice(0, 64)}`, code: 'api.export_invalid', detail }]);
}
