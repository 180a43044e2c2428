import { checkRule, excessOf, type Excess, type Rule, type Standing } from '@millrace/auth';
import type { Collection } from '@millrace/documents';
import { DomainError, type Clock } from '@millrace/kernel';
import type { CallContext, NewEvent } from '@millrace/messaging';
import { demandRevision, expectationOf, type Conditions } from '../../domain/draft';
import type { Access } from '../access';
import { answering, ensure } from '../ensure';
import type { Facts } from '../facts';
import {
  emptyBook,
  isBuiltIn,
  removeRole,
  roleIn,
  roleInvalid,
  rulesOf,
  writeRole,
  type Role,
  type RoleBook,
  type RoleClaim,
} from './role-book';

/** What may be said of a role. */
export interface SaidRole {
  readonly title: string;
  readonly rules: readonly Rule[];
  readonly inherits: readonly string[];
  readonly claims: readonly RoleClaim[];
}

/** A role of a workspace by its names. */
export interface RoleName {
  readonly workspace: string;
  readonly role: string;
}

export interface ManageRolesParts {
  readonly books: Collection<RoleBook>;
  readonly access: Access;
  readonly facts: Facts;
  readonly clock: Clock;
}

/** Makes, changes and deletes the roles of a workspace. Each change holds from its own moment on, published or not. */
export class ManageRoles {
  constructor(private readonly parts: ManageRolesParts) {}

  /** The workspace's own roles. */
  async list(context: CallContext, workspace: string): Promise<RoleBook> {
    return (await this.parts.access.require(context, workspace, 'read', 'roles')).standing.book;
  }

  /** Refuses a role that says what cannot be (`workspaces.role_invalid`), or gives more than its author has (`roles.manage_exceeded`). */
  async put(context: CallContext, { workspace: name, role }: RoleName, said: SaidRole, conditions: Conditions): Promise<Role> {
    if (isBuiltIn(role)) throw builtIn(role);
    const expectation = expectationOf(conditions);
    const entered = await this.parts.access.require(context, name, 'manage', 'roles');
    const { id } = entered.workspace;
    checkRules(said.rules, id, '/rules');
    await ensure(this.parts.books, id, () => emptyBook(id));
    return answering(this.parts.books, id, (book) => {
      const before = roleIn(book, role);
      demandRevision(`role ${role}`, before, expectation);
      const made = { ...said, revision: (before?.revision ?? 0) + 1, updatedBy: context.principal.id, updatedAt: this.parts.clock.now() };
      const document = writeRole(book, role, made);
      demandOwned(rulesOf(document, [role]), entered, rulesOf(book, [role]));
      return { document, events: [this.tell(context, id, 'changed', role)], result: made };
    });
  }

  async delete(context: CallContext, { workspace: name, role }: RoleName, conditions: Conditions): Promise<void> {
    if (isBuiltIn(role)) throw builtIn(role);
    const expectation = expectationOf(conditions);
    const entered = await this.parts.access.require(context, name, 'manage', 'roles');
    const { id } = entered.workspace;
    await ensure(this.parts.books, id, () => emptyBook(id));
    await this.parts.books.update(id, (book) => {
      const before = roleIn(book, role);
      if (before === undefined) throw roleMissing(role);
      demandRevision(`role ${role}`, before, expectation);
      demandOwned([], entered, before.rules);
      return { document: removeRole(book, role), events: [this.tell(context, id, 'deleted', role)] };
    });
  }

  private tell(context: CallContext, workspaceId: string, what: 'changed' | 'deleted', role: string): NewEvent {
    return this.parts.facts.of(context, { workspaceId, type: `workspaces.roles.${what}`, payload: { role }, subject: `role/${role}` });
  }
}

/**
 * Refuses rules that would give more than whoever gives them has (`roles.manage_exceeded`). `before`: those that they replace; one that denied
 * something and is no more gives just that.
 */
export function demandOwned(rules: readonly Rule[], { standing }: { readonly standing: Standing }, before: readonly Rule[] = []): void {
  const [first, ...others] = excessOf([...rules, ...lifted(before, rules)], standing);
  if (first !== undefined) throw exceeded(first, others.length);
}

function lifted(before: readonly Rule[], after: readonly Rule[]): readonly Rule[] {
  const kept = new Set(after.map(saying));
  return before.flatMap((rule) => {
    if (!('deny' in rule) || kept.has(saying(rule))) return [];
    const { deny, ...reach } = rule;
    return [{ allow: deny, ...reach }];
  });
}

/** Whichever role it comes from. */
function saying(rule: Rule): string {
  const { on, where, fields } = rule;
  return JSON.stringify(['deny' in rule ? rule.deny : [], on, where, fields]);
}

/** Refuses rules that can never mean anything in this workspace (`workspaces.role_invalid`), each with its place below `pointer`. */
export function checkRules(rules: readonly Rule[], workspaceId: string, pointer: string): void {
  const errors = rules.flatMap((rule, index) => checkRule(rule, `${pointer}/${index}`, workspaceId));
  const [first] = errors;
  if (first === undefined) return;
  throw new DomainError('workspaces.role_invalid', 'invalid', `${first.pointer}: ${first.detail}`, { errors });
}

function exceeded({ action, subject }: Excess, others: number): DomainError {
  const more = others === 0 ? '' : ` (and ${others} more)`;
  return new DomainError(
    'roles.manage_exceeded',
    'forbidden',
    `This would give the right to ${action} ${subject}${more}, which you do not have yourself. Nobody gives more than they have.`,
    { facts: { action, subject } },
  );
}

/** A role that every workspace has stays as it is. */
export function builtIn(role: string): DomainError {
  return roleInvalid('/role', `"${role}" is a role of every workspace and cannot be changed. Make one of your own that inherits from it.`);
}

function roleMissing(role: string): DomainError {
  return new DomainError('workspaces.role_not_found', 'not-found', `There is no role "${role}" of this workspace's own.`, {
    facts: { role },
  });
}
