import type { Evaluate } from '../expressions/env';
import { isOpenPattern } from '../filter/pattern';
import type { PlannedAutomation } from '../plan/plan';
import { addEndpoint, noEndpoints, type EndpointIndex } from './endpoint-index';

/** One entry of `when.events`, ready to be asked. */
export interface IndexedEvent {
  readonly automation: PlannedAutomation;
  readonly filter?: Evaluate;
}

/** A trie over the tokens of patterns. */
export interface PatternNode {
  readonly tokens: Map<string, PatternNode>;
  /** Patterns that end here. */
  readonly here: IndexedEvent[];
  /** Patterns that end here in `>`. */
  readonly open: IndexedEvent[];
}

/** The triggers of a workspace: exact names and paths in maps, patterns in tries. */
export interface TriggerIndex {
  readonly names: ReadonlyMap<string, readonly IndexedEvent[]>;
  readonly patterns: PatternNode;
  readonly endpoints: EndpointIndex;
}

/** Indexes the triggers of automations. `compile` turns the source of a filter into a closure. */
export function indexTriggers(
  automations: Iterable<PlannedAutomation>,
  compile: (automation: PlannedAutomation, filter: string) => Evaluate,
): TriggerIndex {
  const names = new Map<string, IndexedEvent[]>();
  const patterns = emptyNode();
  const endpoints = noEndpoints();
  for (const automation of automations) {
    if (automation.disabled) continue;
    for (const { pattern, filter } of automation.triggers.events) {
      const entry = { automation, ...(filter === undefined ? {} : { filter: compile(automation, filter) }) };
      if (isOpenPattern(pattern)) addPattern(patterns, pattern.split('.'), entry);
      else names.set(pattern, [...(names.get(pattern) ?? []), entry]);
    }
    const { endpoint } = automation.triggers;
    if (endpoint !== undefined) addEndpoint(endpoints, automation, endpoint.path);
  }
  return { names, patterns, endpoints };
}

function emptyNode(): PatternNode {
  return { tokens: new Map(), here: [], open: [] };
}

function addPattern(root: PatternNode, tokens: readonly string[], entry: IndexedEvent): void {
  let node = root;
  for (const token of tokens) {
    if (token === '>') {
      node.open.push(entry);
      return;
    }
    const next = node.tokens.get(token) ?? emptyNode();
    node.tokens.set(token, next);
    node = next;
  }
  node.here.push(entry);
}

/** The entries whose pattern an event's tokens fit. */
export function* entriesFor(node: PatternNode, tokens: readonly string[], from = 0): Generator<IndexedEvent> {
  const token = tokens[from];
  if (token === undefined) {
    yield* node.here;
    return;
  }
  yield* node.open;
  for (const key of [token, '*']) {
    const next = node.tokens.get(key);
    if (next !== undefined) yield* entriesFor(next, tokens, from + 1);
  }
}
