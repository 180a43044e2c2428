import { WorkspacesService } from '@millrace/contracts';
import type { DeleteAutomationRequest, GetAutomationRequest, ListAutomationsRequest, PutAutomationRequest } from '@millrace/contracts';
import { Rpc, type CallContext } from '@millrace/messaging';
import { Controller, Inject } from '@nestjs/common';
import { DeleteAutomation } from '../../application/delete-automation';
import { PutAutomation } from '../../application/put-automation';
import { ReadAutomations } from '../../application/read-automations';
import { limitOf } from './limit';
import { automationMessage } from './views';

const { method } = WorkspacesService;
const decoder = new TextDecoder();

@Controller()
export class AutomationsRpc {
  constructor(
    @Inject(PutAutomation) private readonly putAutomation: PutAutomation,
    @Inject(ReadAutomations) private readonly read: ReadAutomations,
    @Inject(DeleteAutomation) private readonly deleteAutomation: DeleteAutomation,
  ) {}

  @Rpc(method.listAutomations)
  async list({ workspaceId, limit, cursor }: ListAutomationsRequest, context: CallContext) {
    const { items, nextCursor } = await this.read.list(context, workspaceId, limitOf(limit), cursor);
    return { items: items.map(automationMessage), nextCursor: nextCursor ?? '' };
  }

  @Rpc(method.getAutomation)
  async get({ workspaceId, slug }: GetAutomationRequest, context: CallContext) {
    return { automation: automationMessage(await this.read.get(context, workspaceId, slug)) };
  }

  @Rpc(method.putAutomation)
  async put({ workspaceId, slug, source, ifMatch, ifNoneMatch }: PutAutomationRequest, context: CallContext) {
    const view = await this.putAutomation.run(context, { workspace: workspaceId, slug }, decoder.decode(source), { ifMatch, ifNoneMatch });
    return { automation: automationMessage(view) };
  }

  @Rpc(method.deleteAutomation)
  async delete({ workspaceId, slug, ifMatch }: DeleteAutomationRequest, context: CallContext) {
    await this.deleteAutomation.run(context, workspaceId, slug, { ifMatch });
    return {};
  }
}
