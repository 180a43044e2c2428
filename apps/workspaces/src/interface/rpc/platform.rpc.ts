import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { PlatformService, type ListAllWorkspacesRequest, type PlatformWorkspaceSchema } from '@millrace/contracts';
import { Listing } from '@millrace/lists';
import { Rpc, type CallContext } from '@millrace/messaging';
import { Controller, Inject } from '@nestjs/common';
import { freezesOf, ReadAllWorkspaces, type Workspace } from '../../application/platform/read-all-workspaces';

const { method } = PlatformService;
const WORKSPACES = new Listing(method.listAllWorkspaces, 'in order');

/** The workspaces of the platform, for those who run it. */
@Controller()
export class PlatformRpc {
  constructor(@Inject(ReadAllWorkspaces) private readonly read: ReadAllWorkspaces) {}

  @Rpc(method.listAllWorkspaces)
  list(request: ListAllWorkspacesRequest, context: CallContext) {
    return WORKSPACES.answer(request, (page) => this.read.list(context, page), platformMessage);
  }
}

function platformMessage(workspace: Workspace): MessageInitShape<typeof PlatformWorkspaceSchema> {
  const { id, slug, name, owner, state, labels = [], suspension, createdAt, updatedAt } = workspace;
  return {
    ...{ id, slug, name, owner, state, labels: [...labels], freezes: [...freezesOf(workspace)] },
    ...{ suspensionReason: suspension?.reason ?? '', createdAt: timestampFromMs(createdAt), updatedAt: timestampFromMs(updatedAt) },
  };
}
