import { ACTIONS, demandOn, type Permission, type WorkspaceRights } from '@millrace/auth';
import { servicePrincipal, type Clock, type Ids, type Principal } from '@millrace/kernel';
import type { AuthorizeRequest, Ended, Plan } from '@millrace/language';
import { signInNeeded } from '../../domain/refusals';
import { callerOf, type Run } from '../../domain/run';
import type { Model } from '../models';
import { viewOfAutomation } from './permitted-automation';

export interface AuthorizationParts {
  readonly rights: Pick<WorkspaceRights, 'grantedTo'>;
  readonly clock: Clock;
  readonly ids: Ids;
}

/** Milliseconds to wait for what somebody may do. */
const PATIENCE = 10_000;

/** Keeps automations with `authorizations.action` to callers that a rule allows this action on them, by whatever way they come. */
export class Authorization {
  constructor(private readonly parts: AuthorizationParts) {}

  /** Whether whoever is behind a run may call an automation. Throws as the bus does when nobody can be asked. */
  async allows(plan: Plan, run: Run, { action, slug }: AuthorizeRequest): Promise<boolean> {
    const permission = await this.permissionOf(run.workspaceId, callerOf(run), action);
    return permission.allows(viewOfAutomation(plan, slug));
  }

  /** How a run ends that an event started, when whoever is behind the event may not call its automation; undefined: it may go on. */
  async refusalOf(plan: Plan, run: Run): Promise<Ended | undefined> {
    const { slug, trigger } = run;
    const action = plan.automations.get(slug)?.authorization;
    if (action === undefined || trigger.type !== 'event' || (await this.allows(plan, run, { action, slug }))) return undefined;
    const message = `Whoever is behind the event \`${trigger.value}\` needs a rule that allows \`${ruleAction(action)}\` on automations.`;
    return { error: { code: 'runtime.forbidden', refusal: 'forbidden', message } };
  }

  /** Refuses a caller who may not call an automation; whoever is not signed in is asked to. */
  async demand(
    { workspaceId, plan }: Pick<Model, 'workspaceId' | 'plan'>,
    { slug, path = slug }: { readonly slug: string; readonly path?: string },
    caller: Principal,
  ): Promise<void> {
    const action = plan.automations.get(slug)?.authorization;
    if (action === undefined) return;
    const permission = await this.permissionOf(workspaceId, caller, action);
    const automation = viewOfAutomation(plan, slug);
    if (caller.kind === 'anonymous' && !permission.allows(automation)) throw signInNeeded(path);
    demandOn(permission, automation);
  }

  private permissionOf(workspaceId: string, caller: Principal, action: string): Promise<Permission> {
    const { rights, clock, ids } = this.parts;
    const context = { principal: servicePrincipal('runtime'), correlationId: ids.mint('cor'), deadline: clock.now() + PATIENCE };
    return rights.grantedTo(context, caller, workspaceId, ruleAction(action), 'automations');
  }
}

/** The action of rules that an automation names: one that they know, else one of its own. */
function ruleAction(action: string): string {
  const isKnown = (ACTIONS as readonly string[]).includes(action) || action.startsWith('execute:');
  return isKnown ? action : `execute:${action}`;
}
