import type { JsonMap } from '@millrace/kernel';
import { compileExpression } from '../expressions/compile';
import type { Evaluate } from '../expressions/env';
import { plainQueryRules } from '../expressions/functions/documents';
import { parseExpression } from '../expressions/parse';
import { matchesPattern } from '../filter/pattern';
import type { Plan } from '../plan/plan';
import { refusalIn } from '../problems/language-error';
import { nameInside } from '../step/world/event-names';
import type { WaitEntry, WaitRequest } from '../step/effects';
import { equal } from '../values/compare';
import { matchesQuery } from '../values/query';
import type { EventLocals } from './matching';
import { accepts, localsOf } from './match';

/** An event that a wait accepted: the value of its effect, and whether the event then starts nothing. */
export interface Accepted {
  readonly value: JsonMap;
  readonly cancelTriggers: boolean;
}

/** What a wait makes of an event: undefined when no entry accepts it. An entry that fails on an event does not accept it. */
export function compileWait(plan: Plan, request: WaitRequest): (event: EventLocals) => Accepted | undefined {
  const entries = request.oneOf.map((entry) => ({ entry, test: compileEntry(entry, plan) }));
  return (event) => {
    const inside = nameInside(request.instance, event.type);
    const value = inside === undefined ? undefined : { ...localsOf(event), type: inside };
    const found =
      value === undefined ? undefined : entries.find(({ entry, test }) => matchesPattern(entry.event, event.type) && test(value));
    return found === undefined || value === undefined ? undefined : { value, cancelTriggers: found.entry.cancelTriggers };
  };
}

const RULES = plainQueryRules(equal);

function compileEntry({ filters, filter }: WaitEntry, plan: Plan): (value: JsonMap) => boolean {
  const holds = filter === undefined ? undefined : compiled(filter);
  return (value) => fits(filters, value) && (filter === undefined || (holds !== undefined && accepts(holds, value, plan)));
}

function fits(filters: JsonMap | undefined, value: JsonMap): boolean {
  try {
    return filters === undefined || matchesQuery(value, filters, RULES);
  } catch (error) {
    refusalIn(error);
    return false;
  }
}

function compiled(filter: string): Evaluate | undefined {
  const dialect = { prisme: false };
  try {
    return compileExpression(parseExpression(filter, dialect), dialect);
  } catch (error) {
    refusalIn(error);
    return undefined;
  }
}
