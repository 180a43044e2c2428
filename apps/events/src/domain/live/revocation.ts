import type { PrincipalKind } from '@millrace/kernel';
import { payloadOf } from '../admission/payload';

/** Whose rights in a workspace are no longer what they were. `isNew`: they had none there before. */
export type Concerned = 'everyone' | { readonly kind: PrincipalKind; readonly id: string; readonly isNew: boolean };

const EVERYONE: ReadonlySet<string> = new Set([
  'workspaces.roles.changed',
  'workspaces.roles.deleted',
  'workspaces.suspended',
  'workspaces.deleted',
]);

const JOINED = 'workspaces.members.joined';

/** Which kind of principal these events name, and under which name in the payload. */
const ONE: ReadonlyMap<string, readonly [PrincipalKind, string]> = new Map([
  [JOINED, ['user', 'user']],
  ['workspaces.members.changed', ['user', 'user']],
  ['workspaces.members.left', ['user', 'user']],
  ['workspaces.shares.changed', ['user', 'user']],
  ['workspaces.shares.deleted', ['user', 'user']],
  ['workspaces.keys.changed', ['key', 'key']],
]);

/** Whom an event tells of having other rights now; undefined when it tells of nothing like that. One that names nobody concerns everyone. */
export function concernedBy(type: string, payload: Uint8Array): Concerned | undefined {
  if (!type.startsWith('workspaces.')) return undefined;
  if (EVERYONE.has(type)) return 'everyone';
  const one = ONE.get(type);
  if (one === undefined) return undefined;
  const [kind, name] = one;
  const id = payloadOf(payload)[name];
  return typeof id === 'string' ? { kind, id, isNew: type === JOINED } : 'everyone';
}
