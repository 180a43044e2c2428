import type { SharedContext } from '../effects';
import type { RunState, ScopeFrame } from '../state';
import { isoOf } from '../../time/instant';
import { isMap, ownOf } from '../../values/value';
import type { Value } from '../../values/value';
import type { Json, JsonMap } from '@millrace/kernel';

/** The contexts that outlive a run. */
export const SHARED: ReadonlySet<string> = new Set<SharedContext>(['global', 'user', 'session', 'socket', 'run', 'config']);

/** Names that never stand for a local variable. */
export const RESERVED: ReadonlySet<string> = new Set([...SHARED, '$workspace', 'secret']);

/**
 * Whose a context is: empty for those of the workspace or instance. What belongs to nobody known lives with the correlation, under a name
 * that no person or session has: callers may choose their correlation ids.
 */
export function ownerOf(context: SharedContext, state: RunState): string {
  const { identity, begin } = state;
  const nobody = `correlation:${begin.correlationId}`;
  switch (context) {
    case 'user':
      return identity.userId ?? nobody;
    case 'session':
      return identity.sessionId ?? nobody;
    case 'socket':
      return identity.socketId ?? nobody;
    case 'run':
      return begin.correlationId;
    default:
      return '';
  }
}

/** What of a run its read-only keys are made from. */
export interface Surroundings {
  readonly state: RunState;
  readonly scope: ScopeFrame;
  readonly instance: string;
  readonly app?: string | undefined;
  readonly parentApp?: string | undefined;
}

type Prefilled = Readonly<Record<string, (around: Surroundings) => Value>>;

const RUN: Prefilled = {
  id: ({ state }) => state.begin.run,
  depth: ({ scope }) => scope.depth,
  correlationId: ({ state }) => state.begin.correlationId,
  socketId: ({ state }) => state.identity.socketId,
  ip: ({ state }) => state.identity.ip,
  date: ({ state }) => isoOf(state.now),
  trigger: ({ scope }) => ({ ...scope.trigger }),
  automationSlug: ({ scope, instance }) => (instance === '' ? scope.slug : scope.slug.slice(instance.length + 1)),
  appInstanceSlug: ({ instance }) => (instance === '' ? undefined : instance.split('.').at(-1)),
  appInstanceFullSlug: ({ instance }) => (instance === '' ? undefined : instance),
  appSlug: ({ app }) => app,
  parentAppSlug: ({ parentApp }) => parentApp,
  sourceWorkspaceId: ({ state }) => state.begin.workspaceId,
};

const KEYS: Readonly<Partial<Record<string, Prefilled>>> = {
  global: { workspaceId: ({ state }) => state.begin.workspaceId },
  user: { id: ({ state }) => state.identity.userId },
  session: { id: ({ state }) => state.identity.sessionId },
  run: RUN,
};

/** A read-only key of a context; missing if there is none of that name. */
export function prefilledAt(context: string, key: string, around: Surroundings): Value {
  const own = KEYS[context];
  if (own !== undefined && Object.hasOwn(own, key)) return own[key]?.(around);
  return ownOf(givenOf(context, around), key);
}

/** All read-only keys of a context. */
export function prefilledOf(context: string, around: Surroundings): JsonMap {
  const found: Record<string, Json> = { ...givenOf(context, around) };
  for (const [key, read] of Object.entries(KEYS[context] ?? {})) {
    const value = read(around);
    if (value !== undefined) found[key] = value;
  }
  return found;
}

/** Whether a key of a context is read-only. */
export function isPrefilled(context: string, key: string, around: Surroundings): boolean {
  return (KEYS[context] !== undefined && Object.hasOwn(KEYS[context], key)) || Object.hasOwn(givenOf(context, around), key);
}

/** The keys the begin gave. Those of `user` belong to the user it named. */
function givenOf(context: string, { state }: Surroundings): JsonMap {
  const { prefilled } = state.begin;
  const given = prefilled !== undefined && Object.hasOwn(prefilled, context) ? prefilled[context] : undefined;
  if (!isMap(given)) return {};
  const other = context === 'user' && ownOf(given, 'id') !== undefined && given['id'] !== state.identity.userId;
  return other ? {} : given;
}
