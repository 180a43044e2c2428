import { WorkspacesService, type Grant } from '@millrace/contracts';
import type { Bus, CallContext } from '@millrace/messaging';
import { decide, refuse } from './rules/decide';
import type { Rule } from './rules/rule';

/** A workspace as a service knows it that does not keep it. */
export interface KnownWorkspace {
  readonly id: string;
  readonly slug: string;
}

/** Decides what a caller may do in a workspace, for services that are not `workspaces`: by the rules it gives out. */
export class WorkspaceRights {
  constructor(private readonly bus: Bus) {}

  /**
   * The workspace, by id or slug, if a rule of the caller allows the action. A stranger is told `workspaces.not_found`; a member without
   * the right `<subject>.<action>_denied`.
   */
  async require(context: CallContext, workspace: string, action: string, subject: string): Promise<KnownWorkspace> {
    const { workspaceId, slug, grants } = await this.bus.call(WorkspacesService.method.getGrants, { workspaceId: workspace }, context);
    const decision = decide(grants.map(ruleOf), action, subject);
    if (!decision.allowed) throw refuse(decision);
    return { id: workspaceId, slug };
  }
}

function ruleOf({ deny, actions, subjects, reason }: Grant): Rule {
  const reach = { on: subjects, ...(reason === '' ? {} : { reason }) };
  return deny ? { deny: actions, ...reach } : { allow: actions, ...reach };
}
