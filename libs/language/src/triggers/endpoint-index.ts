import type { PlannedAutomation } from '../plan/plan';

/** One endpoint, its path cut into segments. */
export interface IndexedEndpoint {
  readonly automation: PlannedAutomation;
  readonly segments: readonly string[];
}

/** A trie over the segments of paths with parameters. */
interface PathNode {
  readonly literals: Map<string, PathNode>;
  /** Where any one segment leads. */
  any?: PathNode;
  /** Paths that end here. */
  readonly here: IndexedEndpoint[];
  /** Paths whose last parameter takes one segment or more from here on. */
  readonly rest: IndexedEndpoint[];
}

/** The endpoints of a workspace: a call looks at those of its path and at no others. */
export interface EndpointIndex {
  readonly exact: Map<string, IndexedEndpoint[]>;
  readonly templates: PathNode;
}

export function noEndpoints(): EndpointIndex {
  return { exact: new Map(), templates: emptyNode() };
}

/** Adds an endpoint; `path` is without leading and trailing slashes. */
export function addEndpoint({ exact, templates }: EndpointIndex, automation: PlannedAutomation, path: string): void {
  const segments = path.split('/');
  const endpoint = { automation, segments };
  if (segments.some(isParameter)) addTemplate(templates, endpoint);
  else exact.set(path, [...(exact.get(path) ?? []), endpoint]);
}

/** The endpoints whose paths have no parameter and are this one. */
export function exactly({ exact }: EndpointIndex, wanted: readonly string[]): readonly IndexedEndpoint[] {
  return exact.get(wanted.join('/')) ?? [];
}

/** The endpoints whose paths have parameters and fit. */
export function* fitting(node: PathNode, wanted: readonly string[], from = 0): Generator<IndexedEndpoint> {
  const segment = wanted[from];
  if (segment === undefined) {
    yield* node.here;
    return;
  }
  yield* node.rest;
  for (const next of [node.literals.get(segment), node.any]) if (next !== undefined) yield* fitting(next, wanted, from + 1);
}

function isParameter(segment: string): boolean {
  return segment.startsWith(':') || segment.startsWith('*');
}

function emptyNode(): PathNode {
  return { literals: new Map(), here: [], rest: [] };
}

function addTemplate(root: PathNode, endpoint: IndexedEndpoint): void {
  const { segments } = endpoint;
  const isOpen = segments.at(-1)?.startsWith('*') === true;
  let node = root;
  for (const segment of isOpen ? segments.slice(0, -1) : segments) node = stepInto(node, segment);
  (isOpen ? node.rest : node.here).push(endpoint);
}

function stepInto(node: PathNode, segment: string): PathNode {
  if (isParameter(segment)) return (node.any ??= emptyNode());
  const next = node.literals.get(segment) ?? emptyNode();
  node.literals.set(segment, next);
  return next;
}
