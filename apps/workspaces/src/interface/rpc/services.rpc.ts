import { WorkspacesService } from '@millrace/contracts';
import type { FetchDraftRequest, FetchModelRequest, GetGrantsRequest } from '@millrace/contracts';
import type { Rule } from '@millrace/auth';
import { Rpc, type CallContext } from '@millrace/messaging';
import { Controller, Inject } from '@nestjs/common';
import { Access } from '../../application/access';
import { HandOut, type HandedOut } from '../../application/hand-out';
import { mountMessage } from './apps/app-messages';

const { method } = WorkspacesService;

/** What other services ask. */
@Controller()
export class ServicesRpc {
  constructor(
    @Inject(Access) private readonly access: Access,
    @Inject(HandOut) private readonly handOut: HandOut,
  ) {}

  @Rpc(method.getGrants)
  async getGrants({ workspaceId }: GetGrantsRequest, context: CallContext) {
    const { workspace, standing } = await this.access.enter(context, workspaceId);
    const { rules, roles, owner = false, suspended = false } = standing;
    return { workspaceId: workspace.id, slug: workspace.slug, owner, suspended, roles: [...roles], grants: rules.map(grantOf) };
  }

  @Rpc(method.fetchModel)
  async *fetchModel({ workspaceId, digest }: FetchModelRequest, context: CallContext) {
    for await (const file of this.handOut.model(context, workspaceId, digest)) yield handedOutMessage(file);
  }

  @Rpc(method.fetchDraft)
  async *fetchDraft({ workspaceId }: FetchDraftRequest, context: CallContext) {
    for await (const file of this.handOut.draft(context, workspaceId)) yield handedOutMessage(file);
  }
}

function grantOf(rule: Rule) {
  const { on, where = '', fields = [], reason = '', role = '' } = rule;
  const actions = 'deny' in rule ? rule.deny : rule.allow;
  return { deny: 'deny' in rule, actions: [...actions], subjects: [...on], where, fields: [...fields], reason, role };
}

function handedOutMessage({ path, text, instance, mount, schemaVersion = 0 }: HandedOut) {
  return { path, text, instance, schemaVersion, ...(mount === undefined ? {} : { app: mountMessage(mount) }) };
}
