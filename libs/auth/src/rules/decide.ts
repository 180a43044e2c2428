import { DomainError } from '@millrace/kernel';
import { BUILT_IN_ROLES, type Roles } from './roles';
import { covers, isConditional, verbOf, type AllowRule, type DenyRule, type Rule } from './rule';

export interface Allowed {
  readonly allowed: true;
  /** The rule that allows it. */
  readonly rule: AllowRule;
}

export interface Refused {
  readonly allowed: false;
  readonly action: string;
  readonly subject: string;
  /** The rule that denies it; absent when no rule allows it. */
  readonly rule?: DenyRule;
  /** The roles that would allow it. */
  readonly roles: readonly string[];
}

export type Decision = Allowed | Refused;

/**
 * Decides in this order: a deny rule that matches refuses; else an allow rule must match; else refused. There are no priorities. A rule
 * with conditions cannot be decided without the object: denying ones then count as matching, allowing ones as not matching.
 * `roles` are those to name in a refusal.
 */
export function decide(rules: readonly Rule[], action: string, subject: string, roles: Roles = BUILT_IN_ROLES): Decision {
  const denying = denies(rules, action, subject);
  if (denying !== undefined) return { allowed: false, action, subject, rule: denying, roles: rolesThatAllow(action, subject, roles) };
  const allowing = allows(rules, action, subject);
  if (allowing !== undefined) return { allowed: true, rule: allowing };
  return { allowed: false, action, subject, roles: rolesThatAllow(action, subject, roles) };
}

/** The names of the roles that allow it, the least powerful first as `roles` lists them. */
export function rolesThatAllow(action: string, subject: string, roles: Roles = BUILT_IN_ROLES): readonly string[] {
  return Object.entries(roles)
    .filter(([, rules]) => denies(rules, action, subject) === undefined && allows(rules, action, subject) !== undefined)
    .map(([name]) => name);
}

/** The refusal as an error: `<subject>.<action>_denied`, with the reason of the rule and the roles that would allow it. */
export function refuse({ action, subject, rule, roles }: Refused): DomainError {
  const verb = verbOf(action);
  const reason = rule?.reason;
  const why = rule === undefined ? `No rule of yours allows it. ${remedy(roles)}` : (reason ?? 'A rule of the workspace forbids it.');
  return new DomainError(`${subject}.${verb}_denied`, 'forbidden', `You may not ${verb} ${subject} here. ${why}`, {
    facts: { action, subject, roles, ...(reason === undefined ? {} : { reason }) },
  });
}

function remedy(roles: readonly string[]): string {
  return roles.length === 0 ? 'No role does.' : `Ask an owner of the workspace for one of these roles: ${roles.join(', ')}.`;
}

function denies(rules: readonly Rule[], action: string, subject: string): DenyRule | undefined {
  return rules.find((rule): rule is DenyRule => 'deny' in rule && covers(rule, action, subject));
}

function allows(rules: readonly Rule[], action: string, subject: string): AllowRule | undefined {
  return rules.find((rule): rule is AllowRule => 'allow' in rule && !isConditional(rule) && covers(rule, action, subject));
}
