import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { WorkspacesService } from '@millrace/contracts';
import type { ActedFor, FetchDraftRequest, FetchModelRequest, GetGrantsRequest } from '@millrace/contracts';
import type { Rule } from '@millrace/auth';
import type { JsonMap, Principal } from '@millrace/kernel';
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
  async getGrants({ workspaceId, actedFor }: GetGrantsRequest, context: CallContext) {
    const { access } = this;
    const entered =
      actedFor === undefined ? access.enter(context, workspaceId) : access.enterFor(context, workspaceId, principalOf(actedFor));
    const { workspace, standing } = await entered;
    const { rules, roles, owner = false, suspended = false, until } = standing;
    const end = until === undefined ? {} : { until: timestampFromMs(until) };
    return { workspaceId: workspace.id, slug: workspace.slug, owner, suspended, roles: [...roles], grants: rules.map(grantOf), ...end };
  }

  @Rpc(method.fetchModel)
  async *fetchModel({ workspaceId, digest }: FetchModelRequest, context: CallContext) {
    for await (const file of this.handOut.model(context, workspaceId, digest)) yield { ...handedOutMessage(file), ...file.asset };
  }

  @Rpc(method.fetchDraft)
  async *fetchDraft({ workspaceId }: FetchDraftRequest, context: CallContext) {
    for await (const file of this.handOut.draft(context, workspaceId)) yield handedOutMessage(file);
  }
}

const decoder = new TextDecoder();

function principalOf({ kind, id, email, verified, roles, groups, claims, workspace }: ActedFor): Principal {
  return {
    ...{ kind: kind as Principal['kind'], id, roles, verified },
    ...(email === '' ? {} : { email }),
    ...(groups === undefined ? {} : { groups: groups.paths }),
    ...(claims.length === 0 ? {} : { claims: JSON.parse(decoder.decode(claims)) as JsonMap }),
    ...(workspace === '' ? {} : { workspace }),
  };
}

function grantOf(rule: Rule) {
  const { on, where = '', fields = [], reason = '', role = '' } = rule;
  const actions = 'deny' in rule ? rule.deny : rule.allow;
  return { deny: 'deny' in rule, actions: [...actions], subjects: [...on], where, fields: [...fields], reason, role };
}

function handedOutMessage({ path, text, instance, mount, schemaVersion = 0 }: HandedOut) {
  return { path, text, instance, schemaVersion, ...(mount === undefined ? {} : { app: mountMessage(mount) }) };
}
