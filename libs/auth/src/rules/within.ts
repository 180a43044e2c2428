import { verbOf, type AllowRule, type DenyRule, type Rule } from './rule';

/**
 * The rules of whoever has `rules`, but never more than `bounds` allow: what both allow is allowed, under the conditions of both; what
 * either denies is denied.
 */
export function rulesWithin(rules: readonly Rule[], bounds: readonly Rule[]): readonly Rule[] {
  const limits = bounds.filter(isAllow);
  const allowed = rules.filter(isAllow).flatMap((rule) => limits.flatMap((limit) => bothAllow(rule, limit) ?? []));
  return [...[...rules, ...bounds].filter(isDeny), ...allowed];
}

function bothAllow(rule: AllowRule, limit: AllowRule): AllowRule | undefined {
  const allow = actionsOfBoth(rule.allow, limit.allow);
  const on = rule.on.filter((subject) => limit.on.includes(subject));
  const fields = fieldsOfBoth(rule.fields, limit.fields);
  if (allow.length === 0 || on.length === 0 || fields?.length === 0) return undefined;
  const [first, second] = [rule.where, limit.where].filter((where) => where !== undefined);
  const where = second === undefined ? first : `(${first}) and (${second})`;
  const { where: _where, fields: _fields, ...rest } = rule;
  return { ...rest, allow, on, ...(where === undefined ? {} : { where }), ...(fields === undefined ? {} : { fields }) };
}

/** `manage` is all actions, and `execute` all that begin so. */
function actionsOfBoth(one: readonly string[], other: readonly string[]): readonly string[] {
  if (one.includes('manage')) return other;
  if (other.includes('manage')) return one;
  const within = (action: string, actions: readonly string[]): boolean => actions.includes(action) || actions.includes(verbOf(action));
  return [...new Set([...one.filter((action) => within(action, other)), ...other.filter((action) => within(action, one))])];
}

/** A path is that field and all below it. undefined: all fields. */
function fieldsOfBoth(one?: readonly string[], other?: readonly string[]): readonly string[] | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  const below = (path: string, paths: readonly string[]): boolean => paths.some((each) => path === each || path.startsWith(`${each}.`));
  return [...new Set([...one.filter((path) => below(path, other)), ...other.filter((path) => below(path, one))])];
}

function isAllow(rule: Rule): rule is AllowRule {
  return 'allow' in rule;
}

function isDeny(rule: Rule): rule is DenyRule {
  return 'deny' in rule;
}
