import type { JsonMap } from '@millrace/kernel';
import { childrenOf } from '../expressions/children';
import type { Expression } from '../expressions/ast';
import { compileExpression } from '../expressions/compile';
import { parseExpression } from '../expressions/parse';
import { matchesPattern } from '../filter/pattern';
import type { Plan, PlannedAutomation } from '../plan/plan';
import { accepts, localsFor, matchEvents } from './match';
import type { EventLocals } from './matching';
import type { EventTrigger } from './triggers';

/** What an automation that listens to events of a type makes of one of them. */
export interface ExplainedMatch {
  /** The full slug. */
  readonly slug: string;
  /** `matches`: it starts. `disabled`: it is switched off. `filtered`: no filter of it accepts the event. */
  readonly outcome: 'matches' | 'disabled' | 'filtered';
  /** The pattern that the event's type fits, with the prefix of the app instance. */
  readonly pattern: string;
  /** Of the entry that did not accept it: its filter, as it is written. */
  readonly filter?: string;
  /** The part of the filter by which it did not. */
  readonly part?: string;
  /** The fields of the event that the filter asks for, as paths; the empty path: any of them. */
  readonly fields?: readonly string[];
}

/** What the automations that listen to an event's type make of it, by slug: those that it starts are those of `matchEvents`. */
export function explainMatches(plan: Plan, event: EventLocals): readonly ExplainedMatch[] {
  const started = new Set(matchEvents(plan, event).map(({ slug }) => slug));
  return [...plan.automations.values()]
    .flatMap((automation) => explained(automation, event, { isStarted: started.has(automation.slug), plan }))
    .sort((a, b) => (a.slug < b.slug ? -1 : 1));
}

function explained(
  automation: PlannedAutomation,
  event: EventLocals,
  { isStarted, plan }: { readonly isStarted: boolean; readonly plan: Plan },
): readonly ExplainedMatch[] {
  const { slug, disabled, triggers } = automation;
  const locals = localsFor(automation, event);
  const listening = locals === undefined ? undefined : triggers.events.find(({ pattern }) => matchesPattern(pattern, event.type));
  if (locals === undefined || listening === undefined) return [];
  const { pattern } = listening;
  if (isStarted) return [{ slug, outcome: 'matches', pattern }];
  if (disabled) return [{ slug, outcome: 'disabled', pattern }];
  return [{ slug, outcome: 'filtered', pattern, ...filteredBy(automation, listening, locals, plan) }];
}

/** An entry without a filter accepts all, unless the platform lets the type start nothing. */
function filteredBy({ dialect }: PlannedAutomation, { filter }: EventTrigger, locals: JsonMap, plan: Plan) {
  if (filter === undefined) return {};
  const whole = parseExpression(filter, dialect);
  const holds = (part: Expression): boolean => accepts(compileExpression(part, dialect), locals, plan);
  const { at, end } = culprit(whole, holds);
  return { filter, part: filter.slice(at, end), fields: [...new Set(fieldsOf(whole))].toSorted() };
}

/** The smallest part of an expression by which it does not hold: of parts joined by `and` the first that does not. */
function culprit(expression: Expression, holds: (part: Expression) => boolean): Expression {
  if (expression.kind !== 'and') return expression;
  return culprit(holds(expression.left) ? expression.right : expression.left, holds);
}

function fieldsOf(expression: Expression): readonly string[] {
  const below = childrenOf(expression).flatMap(fieldsOf);
  return expression.kind === 'reference' ? [(expression.keys ?? []).join('.'), ...below] : below;
}
