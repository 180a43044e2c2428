import { DomainError } from '@millrace/kernel';
import type { Permission } from './permission';
import { BUILT_IN_ROLES, PLATFORM_ROLES, type Roles } from './roles';
import { covers, isConditional, verbOf } from './rule';

/** Refuses unless the action is allowed on every object, with all its fields: for who cannot tell objects apart. */
export function demandAll(permission: Permission, roles: Roles = BUILT_IN_ROLES): void {
  if (permission.query !== true || !permission.fields.open) throw refusal(permission, roles);
}

/** Refuses when the action is allowed on no object at all: the first thing to ask of a list. */
export function demandSome(permission: Permission, roles: Roles = BUILT_IN_ROLES): void {
  if (permission.query === false) throw refusal(permission, roles);
}

/** Refuses unless the action is allowed on this object. */
export function demandOn(permission: Permission, object: object, roles: Roles = BUILT_IN_ROLES): void {
  if (!permission.allows(object)) throw refusal(permission, roles, object);
}

/** The names of the roles that allow it on every object, the least powerful first as `roles` lists them. */
export function rolesThatAllow(action: string, subject: string, roles: Roles = BUILT_IN_ROLES): readonly string[] {
  const denied = (name: string): boolean => roles[name]?.some((rule) => 'deny' in rule && covers(rule, action, subject)) ?? true;
  return Object.entries(roles)
    .filter(([, rules]) => rules.some((rule) => 'allow' in rule && !isConditional(rule) && covers(rule, action, subject)))
    .map(([name]) => name)
    .filter((name) => !denied(name));
}

/** The refusal as an error: `<subject>.<action>_denied`, with the reason of the rule and the roles that would allow it. */
function refusal(permission: Permission, offered: Roles, object?: object): DomainError {
  const { action, subject } = permission;
  const verb = verbOf(action);
  const rule = permission.denyingRule(object);
  const roles = rolesThatAllow(action, subject, offered);
  const facts = { action, subject, roles, ...(rule?.reason === undefined ? {} : { reason: rule.reason }) };
  const why = rule === undefined ? lackOf(permission, roles, offered) : (rule.reason ?? 'A rule of the workspace forbids it.');
  return new DomainError(`${subject}.${verb}_denied`, 'forbidden', `You may not ${verb} ${subject} here. ${why}`, { facts });
}

function lackOf({ shut, query }: Permission, roles: readonly string[], offered: Roles): string {
  if (shut !== undefined) return shut;
  const lack = query === false ? 'No rule of yours allows it.' : 'Your rules allow it in part only.';
  const giver = offered === PLATFORM_ROLES ? 'an admin of the platform' : 'an owner of the workspace';
  const remedy = roles.length === 0 ? 'No role does.' : `Ask ${giver} for one of these roles: ${roles.join(', ')}.`;
  return `${lack} ${remedy}`;
}
