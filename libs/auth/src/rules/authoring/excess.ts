import { Permission, type Standing } from '../permission';
import { ACTIONS, isConditional, type AllowRule, type Rule } from '../rule';

/** An action that rules would give and their author does not have. */
export interface Excess {
  /** Place of the rule among those given. */
  readonly rule: number;
  readonly action: string;
  readonly subject: string;
}

/**
 * What rules would give that their author does not have; none when they may be given. Who has something under conditions may give it under
 * the same ones, as long as nothing else limits them. Owners may lift any rule that denies, so none limits what they give. What was shared
 * with somebody is not theirs to give.
 */
export function excessOf(given: readonly Rule[], by: Standing): readonly Excess[] {
  const author = { ...by, rules: by.rules.filter((rule) => rule.share === undefined && (by.owner !== true || 'allow' in rule)) };
  return given.flatMap((rule, index) => {
    if (!('allow' in rule)) return [];
    const pairs = rule.on.flatMap((subject) => actionsOf(rule).map((action) => ({ rule: index, action, subject })));
    return pairs.filter(({ action, subject }) => !hasAllOf(author, rule, action, subject));
  });
}

function hasAllOf(author: Standing, rule: AllowRule, action: string, subject: string): boolean {
  const permission = Permission.of(author, action, subject);
  if (permission.shut !== undefined) return false;
  if (permission.query === true && permission.fields.open) return true;
  const denied = permission.bound.some(({ effect }) => effect === 'deny');
  return (
    !denied && permission.bound.some(({ rule: own }) => isConditional(own) && own.where === rule.where && within(rule.fields, own.fields))
  );
}

function within(fields: readonly string[] | undefined, own: readonly string[] | undefined): boolean {
  return own === undefined || (fields?.every((field) => own.some((each) => field === each || field.startsWith(`${each}.`))) ?? false);
}

/** `manage` gives every action there is, and so needs every one. */
function actionsOf({ allow }: AllowRule): readonly string[] {
  return allow.includes('manage') ? ACTIONS : allow;
}
