import type { Json, JsonMap } from '@millrace/kernel';
import type { Evaluate } from '../expressions/env';
import type { Plan, PlannedAutomation } from '../plan/plan';
import { refusalIn } from '../problems/language-error';
import { nameInside } from '../step/world/event-names';
import { isTrue } from '../values/value';
import { EventEnv } from './event-env';
import { exactly, fitting, type IndexedEndpoint } from './endpoint-index';
import { entriesFor } from './index-of';
import type { IndexedEvent } from './index-of';
import type { EndpointMatch, EventLocals, EventMatch } from './matching';
import type { EndpointTrigger, HttpMethod } from './triggers';

/** The automations an event starts, each once, by slug. A filter that fails on an event does not match it. */
export function matchEvents(plan: Plan, event: EventLocals): readonly EventMatch[] {
  if (event.type === ONLY_WAITED_FOR) return [];
  const matches = new Map<string, EventMatch>();
  const entries: readonly IndexedEvent[] = [
    ...(plan.index.names.get(event.type) ?? []),
    ...entriesFor(plan.index.patterns, event.type.split('.')),
  ];
  for (const { automation, filter } of entries) {
    if (matches.has(automation.slug)) continue;
    const locals = localsFor(automation, event);
    if (locals !== undefined && (filter === undefined || accepts(filter, locals, plan)))
      matches.set(automation.slug, { slug: automation.slug, locals });
  }
  return [...matches.values()].sort((a, b) => (a.slug < b.slug ? -1 : 1));
}

/** What tells that an automation was executed starts none: it would never end. */
const ONLY_WAITED_FOR = 'runtime.automations.executed';

/** The event as an automation sees it; undefined when it is none of the app it is in. */
export function localsFor(automation: PlannedAutomation, event: EventLocals): JsonMap | undefined {
  const type = nameInside(automation.instance, event.type);
  return type === undefined ? undefined : { ...localsOf(event), type };
}

/** An event without what is not there. */
export function localsOf(event: EventLocals): JsonMap {
  const locals: Record<string, Json> = {};
  for (const [name, value] of Object.entries(event)) if (value !== undefined) locals[name] = value;
  return locals;
}

/** Whether an expression over the locals of an event holds. An expression that fails does not. */
export function accepts(filter: Evaluate, locals: JsonMap, plan: Pick<Plan, 'timeZone' | 'locale' | 'limits'>): boolean {
  try {
    return isTrue(filter(new EventEnv(locals, plan, plan.limits)));
  } catch (error) {
    refusalIn(error);
    return false;
  }
}

/** The automations on a path (without a leading slash), by slug; the first answers. Exact paths hide patterns. */
export function matchEndpoint(plan: Plan, method: string, path: string): readonly EndpointMatch[] {
  const wanted = path.replace(/^\/+|\/+$/g, '').split('/');
  const { endpoints } = plan.index;
  const exact = matching(exactly(endpoints, wanted), method.toLowerCase(), wanted);
  const found = exact.length > 0 ? exact : matching([...fitting(endpoints.templates, wanted)], method.toLowerCase(), wanted);
  return found.sort((a, b) => (a.slug < b.slug ? -1 : 1));
}

function matching(entries: readonly IndexedEndpoint[], method: string, wanted: readonly string[]): EndpointMatch[] {
  return entries.flatMap(({ automation: { slug, triggers }, segments }) => {
    const { endpoint } = triggers;
    if (endpoint === undefined || !answers(endpoint, method)) return [];
    return [{ slug, pathParams: paramsOf(segments, wanted), endpoint }];
  });
}

function answers({ methods }: EndpointTrigger, method: string): boolean {
  return methods.length === 0 || methods.includes(method as HttpMethod);
}

/** What the parameters of a path that fits are. */
function paramsOf(segments: readonly string[], wanted: readonly string[]): Readonly<Record<string, string>> {
  const params: Record<string, string> = {};
  for (const [index, segment] of segments.entries()) {
    if (segment.startsWith(':')) params[segment.slice(1)] = decoded(wanted[index] ?? '');
    else if (segment.startsWith('*')) params[segment.slice(1) || 'rest'] = wanted.slice(index).map(decoded).join('/');
  }
  return params;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
