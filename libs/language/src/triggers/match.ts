import type { Plan } from '../plan/plan';
import type { EndpointMatch, EventLocals, EventMatch } from './matching';

/** The automations an event starts, each once, by slug. A filter that fails on an event does not match it. */
export function matchEvents(plan: Plan, event: EventLocals): readonly EventMatch[] {
  throw new Error(`not built yet: ${event.type} ${plan.timeZone}`);
}

/** The automations on a path (without a leading slash), by slug; the first answers. Exact paths hide patterns. */
export function matchEndpoint(plan: Plan, method: string, path: string): readonly EndpointMatch[] {
  throw new Error(`not built yet: ${method} ${path} ${plan.timeZone}`);
}
