import type { Readable } from 'node:stream';
import type { MessageInitShape } from '@bufbuild/protobuf';
import type { StagedBlobs } from '@millrace/blobs';
import { RuntimeService } from '@millrace/contracts';
import { DomainError } from '@millrace/kernel';
import type { Bus, CallContext } from '@millrace/messaging';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { WrongCredentials } from '../../../application/credentials/wrong-credentials';
import { mountStreamed } from '../bodies/streamed';
import { pathInvalid, pathOf, queryOf } from '../door/path';
import { counted } from '../policies/client-address';
import type { Routes } from '../routes';
import { Answering, type AnsweringParts } from './answering';
import { headersIn } from './carried-headers';
import { EndpointBodies, type BodyLimits, type EndpointBody } from './endpoint-body';

export interface EndpointsParts extends AnsweringParts {
  readonly bus: Bus;
  readonly staged: StagedBlobs;
  readonly bodies: BodyLimits;
  readonly wrong: Pick<WrongCredentials, 'check' | 'note'>;
}

interface EndpointRoute {
  Params: { readonly workspace: string; readonly '*': string };
}

type EndpointRequest = FastifyRequest<EndpointRoute>;

const { handleEndpoint } = RuntimeService.method;
const CONFIG = { config: { routeClass: 'endpoint', isCountedByHandler: true, streamsBody: true, authored: true } };
/** Milliseconds until the head of an answer, and between two pieces of it. */
const PATIENCE = 330_000;

/** The endpoints of automations: any method, any body; what they answer flows back as it is made. */
export class Endpoints implements Routes {
  private readonly answering: Answering;
  private readonly bodies: EndpointBodies;

  constructor(private readonly parts: EndpointsParts) {
    this.answering = new Answering(parts);
    this.bodies = new EndpointBodies(parts.staged, parts.bodies);
  }

  mount(fastify: FastifyInstance): void {
    mountStreamed(fastify, (scope) => {
      for (const path of ['/v1/workspaces/:workspace/webhooks/*', '/e/:workspace/*']) {
        scope.all<EndpointRoute>(path, CONFIG, (request, reply) => this.serve(request, reply));
      }
    });
  }

  private async serve(request: EndpointRequest, reply: FastifyReply): Promise<void> {
    if (/%2f/i.test(pathOf(request.raw.url ?? ''))) throw pathInvalid('it holds an encoded slash');
    await this.answering.serve(request, reply, PATIENCE, (context, ours) => this.ask(request, context, ours));
  }

  /** The body is read once the caller is known and counted: of whoever is refused nothing is kept. */
  private async *ask(request: EndpointRequest, context: CallContext, ours: boolean) {
    const { wrong, bus } = this.parts;
    const place = placeOf(request);
    wrong.check(place);
    const body = await this.bodies.read((request.body as Readable | null | undefined) ?? undefined, request.headers);
    try {
      yield* bus.stream(handleEndpoint, messageOf(request, body, !ours), context);
    } catch (error) {
      if (error instanceof DomainError && error.code === 'runtime.signature_invalid') await wrong.note(place);
      throw error;
    }
  }
}

/** From where which endpoint is called: a wrong signature at one must not shut the others, of which somebody else may hold the secret. */
function placeOf({ params, address, ip }: EndpointRequest): string {
  return `${counted(address ?? ip)} ${params.workspace}/${params['*']}`;
}

function messageOf(
  request: EndpointRequest,
  body: EndpointBody,
  withAuthorization: boolean,
): MessageInitShape<typeof handleEndpoint.input> {
  const { params, method, raw, ip, address = ip } = request;
  return {
    workspaceId: params.workspace,
    method,
    path: params['*'],
    query: queryOf(raw.url ?? ''),
    headerLines: headersIn(raw.rawHeaders, withAuthorization),
    ...body,
    ip: address,
  };
}
