import type { MessageInitShape } from '@bufbuild/protobuf';
import { RuntimeService } from '@millrace/contracts';
import type { Bus } from '@millrace/messaging';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { pathInvalid, pathOf, queryOf } from '../door/path';
import type { Routes } from '../routes';
import { Answering, type AnsweringParts } from './answering';
import { headersIn } from './carried-headers';

export interface EndpointsParts extends AnsweringParts {
  readonly bus: Bus;
}

interface EndpointRoute {
  Params: { readonly workspace: string; readonly '*': string };
}

type EndpointRequest = FastifyRequest<EndpointRoute>;

const { handleEndpoint } = RuntimeService.method;
const CONFIG = { config: { routeClass: 'endpoint', isCountedByHandler: true } };
/** Milliseconds until the head of an answer, and between two pieces of it. */
const PATIENCE = 330_000;
const NO_BODY = new Uint8Array();

/** The endpoints of automations: any method, any body; what they answer flows back as it is made. */
export class Endpoints implements Routes {
  private readonly answering: Answering;

  constructor(private readonly parts: EndpointsParts) {
    this.answering = new Answering(parts);
  }

  mount(fastify: FastifyInstance): void {
    for (const path of ['/v1/workspaces/:workspace/webhooks/*', '/e/:workspace/*']) {
      fastify.all<EndpointRoute>(path, CONFIG, (request, reply) => this.serve(request, reply));
    }
  }

  private async serve(request: EndpointRequest, reply: FastifyReply): Promise<void> {
    if (/%2f/i.test(pathOf(request.raw.url ?? ''))) throw pathInvalid('it holds an encoded slash');
    await this.answering.serve(request, reply, PATIENCE, (context, ours) =>
      this.parts.bus.stream(handleEndpoint, messageOf(request, !ours), context),
    );
  }
}

function messageOf(request: EndpointRequest, withAuthorization: boolean): MessageInitShape<typeof handleEndpoint.input> {
  const { params, method, raw, body, ip, address = ip } = request;
  return {
    workspaceId: params.workspace,
    method,
    path: params['*'],
    query: queryOf(raw.url ?? ''),
    headerLines: headersIn(raw.rawHeaders, withAuthorization),
    body: (body as Uint8Array | undefined) ?? NO_BODY,
    ip: address,
  };
}
