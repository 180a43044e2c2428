import { DomainError, type Principal } from '@millrace/kernel';
import { withinScopes } from '../rules/gate';
import { ACTIONS, SUBJECTS } from '../rules/rule';

/** The subject of scopes that is no workspace's: what is the person's own. */
const OWN = 'me';

const ON: readonly string[] = [...SUBJECTS, OWN, '*'];
const VERBS: readonly string[] = [...ACTIONS, '*'];

/**
 * Whether the text is a scope: `<action>:<subject>`, of the actions and subjects that rules know, `execute:<name>` among them; `manage` and
 * `*` are all actions, `*` is all subjects, and the subject `me` is what is the person's own.
 */
export function isScope(text: string): boolean {
  const [, verb = '', name, subject = ''] = /^([a-z]+|\*)(:[A-Za-z0-9][A-Za-z0-9/_-]{0,63})?:([a-z-]+|\*)$/.exec(text) ?? [];
  return VERBS.includes(verb) && ON.includes(subject) && (name === undefined || verb === 'execute');
}

/** Refuses (`auth.scope_missing`) a caller whose credential is not for this; the subject `me` is what is the caller's own. */
export function demandScope({ scopes }: Principal, action: string, subject: string): void {
  if (scopes === undefined || withinScopes(scopes, action, subject)) return;
  const scope = `${action}:${subject}`;
  throw new DomainError(
    'auth.scope_missing',
    'forbidden',
    `The token has no scope for this: it needs "${scope}". Make a token that has it, or sign in.`,
    { facts: { scope, scopes } },
  );
}
