import { checkRule, excessOf } from '@millrace/auth';
import { DomainError } from '@millrace/kernel';
import type { KeyRights } from '../../domain/credentials/key';
import { isRole } from '../rights/role-book';
import type { Place } from '../rights/standings';
import { rulesOfRights } from './key-store';

/** Refuses rights that mean nothing in the workspace, and such as whoever gives them has not got. */
export function judgeRights(rights: KeyRights, giver: Place): void {
  if ('role' in rights) demandRole(rights.role, giver);
  else demandRules(rights, giver.workspaceId);
  demandNoMore(rights, giver);
}

/** Refuses when the rights are more than the giver's own. */
export function demandNoMore(rights: KeyRights, giver: Place): void {
  const [first] = excessOf(rulesOfRights(rights, giver.book), giver);
  if (first === undefined) return;
  const { action, subject } = first;
  throw new DomainError(
    'keys.more_than_yours',
    'forbidden',
    `The key would be allowed to ${action} ${subject}, and you are not. Give it less, or ask somebody who may.`,
    { facts: { action, subject } },
  );
}

function demandRole(role: string, { book }: Place): void {
  if (isRole(book, role)) return;
  throw new DomainError('keys.role_unknown', 'invalid', `There is no role "${role}" in this workspace.`, {
    errors: [{ pointer: '/role', code: 'unknown', detail: 'Name a role of the workspace.' }],
  });
}

function demandRules({ rules }: Extract<KeyRights, { readonly rules: unknown }>, workspaceId: string): void {
  const errors = rules.flatMap((rule, index) => checkRule(rule, `/rules/${index}`, workspaceId));
  if (errors.length === 0) return;
  throw new DomainError('keys.rules_invalid', 'invalid', errors.map(({ pointer, detail }) => `${pointer}: ${detail}`).join(' '), {
    errors,
  });
}
