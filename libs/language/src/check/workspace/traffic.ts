import { childOf, entryOf, valueOf } from '../../read/tree';
import type { Tree } from '../../read/tree';
import { textOf } from '../../values/value';
import { ByPattern } from './by-pattern';
import type { Facts, Step } from '../facts';

/** Which events a workspace publishes, and which anything in it reacts to or waits for. */
export interface Traffic {
  isHeard(event: string): boolean;
  /** Also true when the name of any event that is published depends on values. */
  mayBePublished(event: string): boolean;
}

/** The traffic between automations. */
export function trafficOf(all: readonly Facts[]): Traffic {
  const heard = new ByPattern(all.flatMap(heardBy).map((pattern) => [pattern, true] as const));
  const published = new Set(all.flatMap(({ steps }) => steps.flatMap(publishedBy)));
  const anything = [...published].some((name) => name.includes('{{') || name.includes('{%'));
  return {
    isHeard: (event) => heard.of(event).length > 0,
    mayBePublished: (event) => anything || published.has(event),
  };
}

/** What a step publishes: a map with `event` and `payload`, of an `emit` or of the stream of a `fetch`. */
export function publicationOf({ name, body }: Step): Tree | undefined {
  if (name === 'emit') return body;
  return name === 'fetch' ? childOf(body, 'stream') : undefined;
}

function publishedBy(step: Step): readonly string[] {
  const publication = publicationOf(step);
  if (publication === undefined) return [];
  const event = childOf(publication, 'event');
  return [event === undefined ? '{{' : textOf(valueOf(event))];
}

function heardBy({ automation, steps }: Facts): readonly string[] {
  const waits = steps.flatMap(({ name, body }) =>
    name === 'wait' ? itemsOf(childOf(body, 'oneOf')).map((item) => childOf(item, 'event')) : [],
  );
  return [...eventTriggers(automation.tree), ...waits].flatMap((tree) =>
    tree?.kind === 'scalar' && typeof tree.value === 'string' ? [tree.value] : [],
  );
}

/** The names and patterns of the events that start an automation. */
export function eventTriggers(document: Tree): readonly (Tree | undefined)[] {
  return itemsOf(childOf(entryOf(document, 'when')?.value, 'events')).map((item) => (item.kind === 'map' ? childOf(item, 'event') : item));
}

/** The items of a list, or the one that stands for a list of it. */
export function itemsOf(tree: Tree | undefined): readonly Tree[] {
  if (tree === undefined) return [];
  return tree.kind === 'list' ? tree.items : [tree];
}
