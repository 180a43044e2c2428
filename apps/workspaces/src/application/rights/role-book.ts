import { BUILT_IN_ROLES, type Rule } from '@millrace/auth';
import { DomainError, type JsonMap } from '@millrace/kernel';

/** Gives a role to whoever's claim says so: no membership is needed. Exactly one of the three is there. */
export interface RoleClaim {
  /** `groups`, `email` (verified), or the name of a claim. */
  readonly claim: string;
  readonly equals?: string;
  /** A list that holds it, or a text that does. */
  readonly contains?: string;
  readonly prefix?: string;
}

/** A role that a workspace made for itself. Times are milliseconds since 1970. */
export interface Role {
  readonly title: string;
  readonly rules: readonly Rule[];
  /** Roles whose rules it has too. */
  readonly inherits: readonly string[];
  readonly claims: readonly RoleClaim[];
  /** 1 when made, one more with each change. */
  readonly revision: number;
  readonly updatedBy: string;
  readonly updatedAt: number;
}

/** The roles that a workspace made for itself, by their names. */
export interface RoleBook {
  readonly workspaceId: string;
  readonly roles: Readonly<Record<string, Role>>;
}

/** The role that every caller has; it holds nothing until the workspace says so. */
export const EVERYONE = 'everyone';

export const MOST_ROLES = 100;

export function emptyBook(workspaceId: string): RoleBook {
  return { workspaceId, roles: {} };
}

/** Whether the platform says what the role may. */
export function isBuiltIn(name: string): name is keyof typeof BUILT_IN_ROLES {
  return Object.hasOwn(BUILT_IN_ROLES, name);
}

/** Whether members can have it. */
export function isRole(book: RoleBook, name: string): boolean {
  return isBuiltIn(name) || name === EVERYONE || Object.hasOwn(book.roles, name);
}

/** A role of the workspace's own, whatever it is called; undefined: there is none. */
export function roleIn({ roles }: RoleBook, name: string): Role | undefined {
  return Object.hasOwn(roles, name) ? roles[name] : undefined;
}

/** The book with the role. Refuses one that would inherit from itself, and one too many. */
export function writeRole(book: RoleBook, name: string, role: Role): RoleBook {
  const next = { ...book, roles: { ...book.roles, [name]: role } };
  if (Object.keys(next.roles).length > MOST_ROLES) throw tooManyRoles();
  for (const [index, each] of role.inherits.entries()) {
    if (!isRole(next, each)) throw roleInvalid(`/inherits/${index}`, `There is no role "${each}".`);
  }
  if (role.inherits.some((each) => rolesReached(next, [each]).includes(name))) {
    throw roleInvalid('/inherits', `"${name}" would inherit from itself.`);
  }
  return next;
}

/** The book without the role. Refuses while another one inherits from it. */
export function removeRole(book: RoleBook, name: string): RoleBook {
  const heirs = Object.keys(book.roles).filter((each) => roleIn(book, each)?.inherits.includes(name) === true);
  if (heirs.length > 0) throw roleInUse(name, heirs);
  const { [name]: _, ...roles } = book.roles;
  return { ...book, roles };
}

/** The roles as a copy of the workspace has them: without the rules that are for this one alone. */
export function copyBook(book: RoleBook, workspaceId: string): RoleBook {
  const kept = ({ rules, ...role }: Role): Role => ({ ...role, rules: rules.filter(({ onDuplicate }) => onDuplicate !== 'drop') });
  const roles = Object.fromEntries(Object.entries(book.roles).map(([name, role]) => [name, kept(role)]));
  return { workspaceId, roles };
}

/** What several roles may together, each rule with the role it comes from; what they inherit comes before their own. */
export function rulesOf(book: RoleBook, names: readonly string[]): readonly Rule[] {
  return rolesReached(book, names).flatMap((name) => {
    const rules = isBuiltIn(name) ? BUILT_IN_ROLES[name] : (roleIn(book, name)?.rules ?? []);
    return rules.map((rule) => ({ ...rule, role: name }));
  });
}

/** The roles whose claims a caller makes. */
export function claimedRoles(book: RoleBook, claims: JsonMap): readonly string[] {
  return Object.entries(book.roles)
    .filter(([, role]) => role.claims.some((wanted) => isClaimed(wanted, claims)))
    .map(([name]) => name);
}

/** Several roles and those that they inherit from. */
export function rolesReached(book: RoleBook, names: readonly string[]): readonly string[] {
  const reached = new Set<string>();
  const visit = (name: string): void => {
    if (reached.has(name)) return;
    reached.add(name);
    roleIn(book, name)?.inherits.forEach(visit);
  };
  names.forEach(visit);
  return [...reached];
}

function isClaimed({ claim, equals, contains, prefix }: RoleClaim, claims: JsonMap): boolean {
  const said = Object.hasOwn(claims, claim) ? claims[claim] : undefined;
  const texts = (Array.isArray(said) ? said : [said]).filter((each) => typeof each === 'string');
  if (equals !== undefined) return typeof said === 'string' && said === equals;
  if (contains !== undefined) return Array.isArray(said) ? texts.includes(contains) : texts.some((text) => text.includes(contains));
  return prefix !== undefined && texts.some((text) => text.startsWith(prefix));
}

function tooManyRoles(): DomainError {
  return new DomainError(
    'workspaces.too_many_roles',
    'exhausted',
    `A workspace has at most ${MOST_ROLES} roles of its own. Delete one first.`,
  );
}

/** The role says something that cannot be. */
export function roleInvalid(pointer: string, detail: string): DomainError {
  return new DomainError('workspaces.role_invalid', 'invalid', detail, { errors: [{ pointer, code: 'role', detail }] });
}

function roleInUse(name: string, heirs: readonly string[]): DomainError {
  return new DomainError(
    'workspaces.role_in_use',
    'conflict',
    `Other roles inherit from "${name}": ${heirs.join(', ')}. Change those first.`,
    { facts: { role: name, heirs } },
  );
}
