import type { Permission, WorkspaceRights } from '@millrace/auth';
import { explainMatches, type ExplainedMatch, type Plan } from '@millrace/language';
import type { CallContext, LoggedEvent } from '@millrace/messaging';
import { isFrozen, type Model, type Models } from '../models';
import { eventLocals } from './event-locals';
import { MOST_HOPS } from './handle-event';
import { viewOfAutomation } from './permitted-automation';

/** What an automation makes of an event: as its version says, unless something else keeps the event from starting anything. */
export interface SimulatedMatch extends Omit<ExplainedMatch, 'outcome'> {
  readonly outcome: ExplainedMatch['outcome'] | 'frozen' | 'too_deep';
}

export interface Simulated {
  /** Of the active version; absent: there is none. */
  readonly digest?: string;
  readonly matches: readonly SimulatedMatch[];
}

export interface SimulateMatchParts {
  readonly models: Pick<Models, 'find'>;
  readonly rights: Pick<WorkspaceRights, 'permit'>;
}

/** Says what the active version makes of an event, and starts nothing. */
export class SimulateMatch {
  constructor(private readonly parts: SimulateMatchParts) {}

  /** Tells of the automations that the caller may read. Refuses who may read none, and with `runtime.model_unavailable`. */
  async run(context: CallContext, workspace: string, event: LoggedEvent): Promise<Simulated> {
    const { models, rights } = this.parts;
    const { id, permission } = await rights.permit(context, workspace, 'read', 'automations');
    const model = event.workspaceId === id ? await models.find(id) : undefined;
    if (model === undefined) return { matches: [] };
    const hindrance = hindranceOf(model, event);
    const explained = explainMatches(model.plan, eventLocals(event)).filter(({ slug }) => mayRead(permission, model.plan, slug));
    const matches = explained.map((match) =>
      hindrance !== undefined && match.outcome === 'matches' ? { ...match, outcome: hindrance } : match,
    );
    return { digest: model.digest, matches };
  }
}

function hindranceOf(model: Model, { hops = 0 }: LoggedEvent): 'frozen' | 'too_deep' | undefined {
  if (hops >= MOST_HOPS) return 'too_deep';
  return isFrozen(model, 'events') ? 'frozen' : undefined;
}

function mayRead(permission: Permission, plan: Plan, slug: string): boolean {
  return permission.allows(viewOfAutomation(plan, slug));
}
