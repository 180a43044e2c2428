import type { Json } from '@millrace/kernel';
import { compileFilter, matchesPattern, type Filter } from '@millrace/language';
import type { LoggedEvent } from '@millrace/messaging';
import { readPayload } from '../../payload';
import { readText } from '../../text/text-query';
import { ALL, all, allOf, any, isDecided, type Bounds, type Query } from './bounds';
import { fieldOf } from './field';
import { boundsOf } from './filter-bounds';
import { typePattern } from './type-pattern';
import { wordSearch } from './words';

/** What is asked of events, whether they are to be found or counted. */
export interface Asked {
  readonly workspaceId: string;
  readonly types?: readonly string[];
  readonly where?: Filter;
  readonly text?: string;
  readonly from?: number;
  readonly to?: number;
}

/** An event as filters see it. */
export type View = LoggedEvent & { readonly payload: Json };

/** What was asked, as the store is asked for it. */
export interface Condition {
  /** What the store decides alone. */
  readonly scope: Query;
  /** What it may not decide. */
  readonly bounds: Bounds;
  /** Whether one event fits, of those in the scope; undefined when the store decides everything. */
  readonly fits: ((view: View) => boolean) | undefined;
}

/** The condition on an event of a workspace to be found. */
export function conditionOf({ workspaceId, ...asked }: Asked): Condition {
  return conditionAmong(ofWorkspaces([workspaceId]), asked);
}

/** The events of these workspaces; undefined: of all. */
export function ofWorkspaces(ids: readonly string[] | undefined): Query {
  return ids === undefined ? ALL : { terms: { workspace: [...ids] } };
}

/** The condition on one of these events to be found. */
export function conditionAmong(among: Query, { types, where, text = '', from, to }: Omit<Asked, 'workspaceId'>): Condition {
  const time = fieldOf('time');
  const words = wordSearch(readText(text));
  const span = [...(from === undefined ? [] : [time.compares('>=', from)]), ...(to === undefined ? [] : [time.compares('<', to)])];
  const scope = allOf([among, ...span.map(({ may }) => may), words.query]);
  const bounds = all([types === undefined ? all([]) : any(types.map(typePattern)), where === undefined ? all([]) : boundsOf(where)]);
  const isAlone = isDecided(bounds) && words.holds === undefined;
  return { scope, bounds, fits: isAlone ? undefined : predicateOf({ types, where }, words.holds) };
}

/** The event as filters see it. */
export function viewOf(event: LoggedEvent): View {
  return { ...event, payload: readPayload(event.payload) } as unknown as View;
}

function predicateOf(
  { types, where }: { readonly types: readonly string[] | undefined; readonly where: Filter | undefined },
  hasWords: ((payload: Json) => boolean) | undefined,
): (view: View) => boolean {
  const isWanted = where === undefined ? () => true : compileFilter(where);
  return (view) =>
    (types?.some((pattern) => matchesPattern(pattern, view.type)) ?? true) && isWanted(view) && (hasWords?.(view.payload) ?? true);
}
