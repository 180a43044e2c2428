import type { Json } from '@millrace/kernel';
import type { Plan } from '../plan/plan';
import type { Begin, Outcome, Signal, Turn } from './turn';

/**
 * Begins a run and takes it as far as it goes without an outcome. Never throws for what an author or a caller did: a run that cannot
 * start is a turn that ended with its error (`runtime.automation_not_found`, `language.arguments_invalid`).
 */
export function start(plan: Plan, begin: Begin): Turn {
  throw new Error(`not built yet: start ${begin.slug} ${plan.timeZone}`);
}

/**
 * Takes a run on: delivers the outcomes in order, running each branch they release until it blocks or ends. The same arguments give the
 * same turn; the given state is not changed.
 */
export function step(plan: Plan, state: Json, outcomes: readonly (Outcome | Signal)[]): Turn {
  throw new Error(`not built yet: step ${outcomes.length} ${plan.timeZone} ${typeof state}`);
}
