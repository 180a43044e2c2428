import type { MessageInitShape } from '@bufbuild/protobuf';
import {
  ContextsService,
  type ContextSchema,
  type DeleteContextRequest,
  type GetContextRequest,
  type ListContextsRequest,
  type PatchContextRequest,
  type PutContextRequest,
} from '@millrace/contracts';
import type { JsonMap } from '@millrace/kernel';
import { Rpc, type CallContext } from '@millrace/messaging';
import { Controller, Inject } from '@nestjs/common';
import { ReadContexts, type ContextName } from '../../application/inspecting/contexts/read-contexts';
import { WriteContexts } from '../../application/inspecting/contexts/write-contexts';
import { jsonBytes, mapOf } from './json';
import { pageOf } from './page';

const { method } = ContextsService;

@Controller()
export class ContextsRpc {
  constructor(
    @Inject(ReadContexts) private readonly read: ReadContexts,
    @Inject(WriteContexts) private readonly write: WriteContexts,
  ) {}

  @Rpc(method.listContexts)
  async list(request: ListContextsRequest, context: CallContext) {
    const { workspaceId, kind, owner } = request;
    const filter = { ...(kind === '' ? {} : { kind: kind as ContextName['kind'] }), ...(owner === '' ? {} : { owner }) };
    const { items, nextCursor = '' } = await this.read.list(context, workspaceId, filter, pageOf(request));
    return { items: items.map(({ revision, ...item }) => ({ ...item, etag: String(revision) })), nextCursor };
  }

  @Rpc(method.getContext)
  async get(request: GetContextRequest, context: CallContext) {
    const name = contextNameOf(request);
    return { context: contextMessage(name, await this.read.get(context, request.workspaceId, name)) };
  }

  @Rpc(method.putContext)
  async put(request: PutContextRequest, context: CallContext) {
    const name = contextNameOf(request);
    const { workspaceId: workspace, value } = request;
    return { context: contextMessage(name, await this.write.put(context, { workspace, name }, mapOf(value, '/value'), request)) };
  }

  @Rpc(method.patchContext)
  async patch(request: PatchContextRequest, context: CallContext) {
    const name = contextNameOf(request);
    const { workspaceId: workspace, patch, ifMatch } = request;
    return { context: contextMessage(name, await this.write.patch(context, { workspace, name }, mapOf(patch, '/patch'), { ifMatch })) };
  }

  @Rpc(method.deleteContext)
  async delete(request: DeleteContextRequest, context: CallContext) {
    const { workspaceId: workspace, ifMatch } = request;
    await this.write.delete(context, { workspace, name: contextNameOf(request) }, { ifMatch });
    return {};
  }
}

/** What the checks of the schema have let through. */
function contextNameOf({
  kind,
  owner,
  instance,
}: GetContextRequest | PutContextRequest | PatchContextRequest | DeleteContextRequest): ContextName {
  return { kind: kind as ContextName['kind'], owner, instance };
}

function contextMessage(
  name: ContextName,
  { revision, value }: { readonly revision: number; readonly value: JsonMap },
): MessageInitShape<typeof ContextSchema> {
  return { ...name, value: jsonBytes(value), size: JSON.stringify(value).length, etag: String(revision) };
}
