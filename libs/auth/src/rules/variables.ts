import type { Principal } from '@millrace/kernel';

/** What a variable of a rule stands for; a list fits by any of its items. */
export type VariableValue = string | number | boolean | readonly (string | number | boolean)[];

/** The value of a variable by its name, without `${}`; undefined: it has none just now. */
export type Variables = (name: string) => VariableValue | undefined;

/** Who asks, where and when. */
export interface Asker {
  readonly principal: Principal;
  readonly workspaceId: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** The user topics of the workspace that they are in, where whoever decides knows them. */
  readonly topics?: readonly string[];
}

/** The variables that rules of a workspace may name; `claims.` is followed by the name of a claim. */
const NAMES: readonly string[] = ['user.id', 'user.email', 'user.groups', 'session.id', 'key.id', 'workspace.id', 'now'];

const CLAIMS = 'claims.';

/** The variables in a literal, in their order. */
export const VARIABLE = /\$\{([^{}]+)\}/g;

/** Whether rules may name it. */
export function isVariable(name: string): boolean {
  return NAMES.includes(name) || (name.startsWith(CLAIMS) && name.length > CLAIMS.length);
}

/** The names as they are told to who wrote another one. */
export function variableNames(): string {
  return [...NAMES, `${CLAIMS}<name>`].map((name) => `\${${name}}`).join(', ');
}

/**
 * The variables of a caller. What does not belong to this kind of caller has no value, nor has an e-mail address that nobody verified:
 * with it, anybody could say they are somebody else.
 */
export function variablesOf({ principal, workspaceId, now, topics }: Asker): Variables {
  const { kind, id, email, verified, groups, session, claims } = principal;
  const person = kind === 'user';
  const known: Readonly<Record<string, VariableValue | undefined>> = {
    'user.id': person ? id : undefined,
    'user.email': person && verified === true ? email : undefined,
    'user.groups': person ? groups : undefined,
    'user.topics': person ? topics : undefined,
    'session.id': session,
    'key.id': kind === 'key' ? id : undefined,
    'workspace.id': workspaceId,
    now: new Date(now).toISOString(),
  };
  return (name) =>
    name.startsWith(CLAIMS) ? claimAt(claims, name.slice(CLAIMS.length)) : Object.hasOwn(known, name) ? known[name] : undefined;
}

/** A claim by its name, or by a dot path into one that is a map. */
function claimAt(claims: unknown, path: string): VariableValue | undefined {
  if (typeof claims !== 'object' || claims === null || Array.isArray(claims)) return undefined;
  const entries = claims as Readonly<Record<string, unknown>>;
  if (Object.hasOwn(entries, path)) return asValue(entries[path]);
  const [first = '', ...rest] = path.split('.');
  return rest.length > 0 && Object.hasOwn(entries, first) ? claimAt(entries[first], rest.join('.')) : undefined;
}

function asValue(value: unknown): VariableValue | undefined {
  if (isPlain(value)) return value;
  return Array.isArray(value) && value.every(isPlain) ? value : undefined;
}

function isPlain(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}
