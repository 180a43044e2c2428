import { WorkspacesService } from '@millrace/contracts';
import type {
  CreateAutomationRequest,
  DeleteAutomationRequest,
  GetAutomationRequest,
  ListAutomationsRequest,
  ListAutomationUsagesRequest,
  PutAutomationRequest,
  UpdateAutomationRequest,
} from '@millrace/contracts';
import { DomainError } from '@millrace/kernel';
import { Listing } from '@millrace/lists';
import { Rpc, type CallContext } from '@millrace/messaging';
import { Controller, Inject } from '@nestjs/common';
import { NameUses } from '../../../application/automations/name-uses';
import { UpdateAutomation, type AutomationChanges } from '../../../application/automations/update-automation';
import { DeleteAutomation } from '../../../application/delete-automation';
import { PutAutomation } from '../../../application/put-automation';
import { ReadAutomations } from '../../../application/read-automations';
import { isLenient } from './lenient';
import { automationMessage } from '../views';

const { method } = WorkspacesService;
const AUTOMATIONS = new Listing(method.listAutomations);
const decoder = new TextDecoder();

@Controller()
export class AutomationsRpc {
  constructor(
    @Inject(PutAutomation) private readonly putAutomation: PutAutomation,
    @Inject(ReadAutomations) private readonly read: ReadAutomations,
    @Inject(UpdateAutomation) private readonly updateAutomation: UpdateAutomation,
    @Inject(NameUses) private readonly uses: NameUses,
    @Inject(DeleteAutomation) private readonly deleteAutomation: DeleteAutomation,
  ) {}

  @Rpc(method.listAutomations)
  list(request: ListAutomationsRequest, context: CallContext) {
    return AUTOMATIONS.answer(
      request,
      (page) => this.read.list(context, request.workspaceId, page),
      (view) => automationMessage(view),
    );
  }

  @Rpc(method.getAutomation)
  async get({ workspaceId, slug }: GetAutomationRequest, context: CallContext) {
    return { automation: automationMessage(await this.read.get(context, workspaceId, slug)) };
  }

  @Rpc(method.createAutomation)
  async create({ workspaceId: workspace, slug, source, prefer }: CreateAutomationRequest, context: CallContext) {
    const putting = { ifMatch: '', ifNoneMatch: '*', lenient: isLenient(prefer), action: 'create' } as const;
    const made = await this.putAutomation.run(context, { workspace, slug }, source, putting).catch((error: unknown) => {
      throw isThere(error) ? automationExists(slug, error) : error;
    });
    return { automation: automationMessage(made) };
  }

  @Rpc(method.putAutomation)
  async put({ workspaceId: workspace, slug, source, ifMatch, ifNoneMatch, prefer }: PutAutomationRequest, context: CallContext) {
    const putting = { ifMatch, ifNoneMatch, lenient: isLenient(prefer) };
    return { automation: automationMessage(await this.putAutomation.run(context, { workspace, slug }, decoder.decode(source), putting)) };
  }

  @Rpc(method.updateAutomation)
  async update({ workspaceId: workspace, slug, ...request }: UpdateAutomationRequest, context: CallContext) {
    const updated = await this.updateAutomation.run(context, { workspace, slug }, changesOf(request), { ifMatch: request.ifMatch });
    return { automation: automationMessage(updated, updated) };
  }

  @Rpc(method.listAutomationUsages)
  async usages({ workspaceId, slug }: ListAutomationUsagesRequest, context: CallContext) {
    return { items: [...(await this.uses.list(context, workspaceId, slug))] };
  }

  @Rpc(method.deleteAutomation)
  async delete({ workspaceId, slug, ifMatch }: DeleteAutomationRequest, context: CallContext) {
    await this.deleteAutomation.run(context, workspaceId, slug, { ifMatch });
    return {};
  }
}

type Changes = Pick<UpdateAutomationRequest, 'newSlug' | 'name' | 'description' | 'labels' | 'disabled'>;

function changesOf({ newSlug, name, description, labels, disabled }: Changes): AutomationChanges {
  return {
    ...(newSlug === undefined ? {} : { slug: newSlug }),
    ...(name === undefined ? {} : { name }),
    ...(description === undefined ? {} : { description }),
    ...(labels === undefined ? {} : { labels: labels.items }),
    ...(disabled === undefined ? {} : { disabled }),
  };
}

/** Who creates demands nothing of what there is: that there is one contradicts them. */
function isThere(error: unknown): error is DomainError {
  return error instanceof DomainError && error.code === 'workspaces.precondition_failed';
}

function automationExists(slug: string, { facts }: DomainError): DomainError {
  const message = `There is an automation "${slug}" already. Choose another slug, or change that one with PUT.`;
  return new DomainError('workspaces.automation_exists', 'conflict', message, { facts });
}
