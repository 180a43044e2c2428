import { timestampMs } from '@bufbuild/protobuf/wkt';
import { WorkspacesService, type GetGrantsResponse, type Grant } from '@millrace/contracts';
import { DomainError, type Clock, type Principal } from '@millrace/kernel';
import type { Bus, CallContext } from '@millrace/messaging';
import type { Grants } from './grants-cache';
import { Permission } from './rules/permission';
import { demandAll, demandSome } from './rules/refusal';
import type { Rule } from './rules/rule';

/** A workspace as a service knows it that does not keep it. */
export interface KnownWorkspace {
  readonly id: string;
  readonly slug: string;
  /** Names of the roles of it that the caller has, beside the one that everyone has. */
  readonly roles: readonly string[];
}

/** What a caller may do in a workspace, and which one it is. */
export interface Granted extends KnownWorkspace {
  readonly permission: Permission;
  /** When something of what they have there ends by itself, milliseconds since 1970; absent: nothing does. */
  readonly until?: number;
}

/** Decides what a caller may do in a workspace, for services that are not `workspaces`: by the rules it gives out. */
export class WorkspaceRights {
  /** By what was found out about a caller, what it comes to: many ask for the same again, and rules are read once for all of them. */
  private readonly permissions = new WeakMap<Found, Map<string, Permission>>();

  /** Without `cache`, rights are asked for each time. */
  constructor(
    private readonly bus: Bus,
    private readonly clock: Clock,
    private readonly cache?: Grants,
  ) {}

  /**
   * The workspace, by id or slug, if the rules of the caller allow the action without conditions: for what is done to a workspace as a
   * whole, or to objects that cannot be told apart. A stranger is told `workspaces.not_found`; a member without the right
   * `<subject>.<action>_denied`.
   */
  async require(context: CallContext, workspace: string, action: string, subject: string): Promise<KnownWorkspace> {
    const { permission, ...known } = await this.granted(context, workspace, action, subject);
    demandAll(permission);
    return known;
  }

  /**
   * The workspace, and on which objects and fields the caller may do the action: for who looks at each object. Refuses, as `require` does,
   * only who may do it on none. `also`: rules of the service itself, for all who have anything in the workspace.
   */
  async permit(context: CallContext, workspace: string, action: string, subject: string, also: readonly Rule[] = []): Promise<Granted> {
    const granted = await this.granted(context, workspace, action, subject);
    const permission = also.length === 0 ? granted.permission : granted.permission.with(also);
    demandSome(permission);
    return { ...granted, permission };
  }

  /** The workspace, and what the caller may do there, be it nothing. Refuses strangers only. */
  async granted(context: CallContext, workspace: string, action: string, subject: string): Promise<Granted> {
    const granted = await this.find(context, workspace, context.principal);
    const permission = this.permissionOf(context.principal, granted, action, subject);
    const { workspaceId: id, slug, roles, until } = granted;
    return { id, slug, roles, permission, ...(until === undefined ? {} : { until: timestampMs(until) }) };
  }

  /** What somebody may do there whom the caller, the runtime, acts for; a stranger may do nothing. No other service may ask. */
  async grantedTo(context: CallContext, principal: Principal, workspaceId: string, action: string, subject: string): Promise<Permission> {
    const granted = await this.find(context, workspaceId, principal).catch(nothingFor(workspaceId));
    return Permission.of(standingOf(principal, granted, this.clock.now()), action, subject);
  }

  private permissionOf(principal: Principal, found: Found, action: string, subject: string): Permission {
    const now = this.clock.now();
    const known = this.permissions.get(found) ?? new Map<string, Permission>();
    const name = `${action} ${subject}`;
    const permission = known.get(name) ?? Permission.of(standingOf(principal, found, now), action, subject);
    this.permissions.set(found, known.set(name, permission));
    return permission.at(now);
  }

  private async find(context: CallContext, workspaceId: string, principal: Principal): Promise<Found> {
    const asked = { workspaceId, ...(principal === context.principal ? {} : { actedFor: actedFor(principal) }) };
    const find = () => this.bus.call(WorkspacesService.method.getGrants, asked, context);
    return this.cache?.of(principal, workspaceId, find) ?? find();
  }
}

type Found = Pick<GetGrantsResponse, 'workspaceId' | 'slug' | 'roles' | 'grants' | 'owner' | 'suspended' | 'until'>;

const encoder = new TextEncoder();

function actedFor({ kind, id, email = '', verified = false, roles, groups, claims, workspace = '' }: Principal) {
  return {
    ...{ kind, id, email, verified, roles: [...roles], workspace },
    ...(groups === undefined ? {} : { groups: { paths: [...groups] } }),
    ...(claims === undefined ? {} : { claims: encoder.encode(JSON.stringify(claims)) }),
  };
}

/** What a stranger has. */
function nothingFor(workspaceId: string): (error: unknown) => Found {
  return (error) => {
    if (!(error instanceof DomainError) || error.code !== 'workspaces.not_found') throw error;
    return { workspaceId, slug: '', roles: [], grants: [], owner: false, suspended: false };
  };
}

function standingOf(principal: Principal, { workspaceId, grants, owner, suspended }: Found, now: number) {
  return { principal, workspaceId, now, owner, suspended, rules: grants.map(ruleOf) };
}

function ruleOf({ deny, actions, subjects, reason, where, fields, role }: Grant): Rule {
  const reach = {
    on: subjects,
    ...(where === '' ? {} : { where }),
    ...(fields.length === 0 ? {} : { fields }),
    ...(reason === '' ? {} : { reason }),
    ...(role === '' ? {} : { role }),
  };
  return deny ? { deny: actions, ...reach } : { allow: actions, ...reach };
}
