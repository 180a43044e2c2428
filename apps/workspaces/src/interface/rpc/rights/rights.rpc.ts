import {
  RightsService,
  type CheckAccessRequest,
  type DeleteRoleRequest,
  type ExplainAccessRequest,
  type ListRolesRequest,
  type PutRoleRequest,
} from '@millrace/contracts';
import { DomainError, type JsonMap, type Principal, type PrincipalKind } from '@millrace/kernel';
import { Listing } from '@millrace/lists';
import { Rpc, type CallContext } from '@millrace/messaging';
import { Controller, Inject } from '@nestjs/common';
import { CheckAccess } from '../../../application/rights/check-access';
import { ExplainAccess } from '../../../application/rights/explain-access';
import { ManageRoles } from '../../../application/rights/manage-roles';
import { explanationMessage, roleMessage, roleMessages, saidRole } from './rights-messages';

const { method } = RightsService;
const ROLES = new Listing(method.listRoles);
const decoder = new TextDecoder();

/** The calls on who may do what. */
@Controller()
export class RightsRpc {
  constructor(
    @Inject(ManageRoles) private readonly roles: ManageRoles,
    @Inject(CheckAccess) private readonly checkAccess: CheckAccess,
    @Inject(ExplainAccess) private readonly explainAccess: ExplainAccess,
  ) {}

  @Rpc(method.checkAccess)
  async check({ checks }: CheckAccessRequest, context: CallContext) {
    return { results: [...(await this.checkAccess.run(context, checks))] };
  }

  @Rpc(method.explainAccess)
  async explain({ workspaceId, principal, action, subject, sample }: ExplainAccessRequest, context: CallContext) {
    const object = sample.length === 0 ? undefined : mapOf(sample, '/sample');
    const explained = await this.explainAccess.run(context, workspaceId, supposed(principal), { action, subject }, object);
    return explanationMessage(explained);
  }

  @Rpc(method.listRoles)
  async list(request: ListRolesRequest, context: CallContext) {
    return ROLES.among(request, roleMessages(await this.roles.list(context, request.workspaceId)));
  }

  @Rpc(method.putRole)
  async put(request: PutRoleRequest, context: CallContext) {
    const { workspaceId: workspace, role, ifMatch, ifNoneMatch } = request;
    const made = await this.roles.put(context, { workspace, role }, saidRole(request), { ifMatch, ifNoneMatch });
    return { role: roleMessage(role, made) };
  }

  @Rpc(method.deleteRole)
  async delete({ workspaceId: workspace, role, ifMatch }: DeleteRoleRequest, context: CallContext) {
    await this.roles.delete(context, { workspace, role }, { ifMatch });
    return {};
  }
}

/** Somebody who might ask, as if they did. */
function supposed(said: ExplainAccessRequest['principal']): Principal {
  const { kind = '', id = '', email = '', groups = [], claims = new Uint8Array(), session = '' } = said ?? {};
  return {
    ...{ kind: kind === '' ? 'user' : (kind as PrincipalKind), id, roles: [], groups },
    ...(email === '' ? {} : { email, verified: true }),
    ...(claims.length === 0 ? {} : { claims: mapOf(claims, '/principal/claims') }),
    ...(session === '' ? {} : { session }),
  };
}

function mapOf(bytes: Uint8Array, pointer: string): JsonMap {
  const value: unknown = JSON.parse(decoder.decode(bytes));
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonMap;
  const detail = 'This must be a JSON object.';
  throw new DomainError('workspaces.object_expected', 'invalid', `${pointer}: ${detail}`, {
    errors: [{ pointer, code: 'object', detail }],
  });
}
