import type { MessageInitShape } from '@bufbuild/protobuf';
import { EndpointsService, type EndpointSchema, type GetEndpointsDocumentRequest, type ListEndpointsRequest } from '@millrace/contracts';
import { Listing } from '@millrace/lists';
import { Rpc, type CallContext } from '@millrace/messaging';
import { Controller, Inject } from '@nestjs/common';
import { ShowEndpoints, type ServedEndpoint } from '../../../application/inspecting/endpoints/show-endpoints';
import { jsonBytes, jsonField } from '../json';

const { method } = EndpointsService;
const ENDPOINTS = new Listing(method.listEndpoints);

@Controller()
export class EndpointsRpc {
  constructor(@Inject(ShowEndpoints) private readonly show: ShowEndpoints) {}

  @Rpc(method.listEndpoints)
  list(request: ListEndpointsRequest, context: CallContext) {
    return ENDPOINTS.answer(request, (page) => this.show.list(context, request.workspaceId, page), endpointMessage);
  }

  @Rpc(method.getEndpointsDocument)
  async document({ workspaceId }: GetEndpointsDocumentRequest, context: CallContext) {
    return { document: jsonBytes(await this.show.document(context, workspaceId)) };
  }
}

function endpointMessage({
  slug: automation,
  methods,
  verify,
  request,
  ...shown
}: ServedEndpoint): MessageInitShape<typeof EndpointSchema> {
  const { name, path, access, respond } = shown;
  return {
    ...{ automation, name, path, access, respond, signature: verify?.preset ?? '' },
    methods: methods.map((each) => each.toUpperCase()),
    ...jsonField('request', request),
  };
}
