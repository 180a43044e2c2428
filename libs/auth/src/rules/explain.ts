import { bindRule, type BoundRule } from './bound-rules';
import { refusesObjects, Permission, type Standing } from './permission';
import type { Rule } from './rule';
import { writeQuery } from './write-query';

/** What became of one rule. `depends`: on the object, and none was given. `other`: it speaks of something else. */
export type Outcome = 'matched' | 'not-matched' | 'not-evaluated' | 'depends' | 'other';

export interface ExplainedRule {
  readonly rule: Rule;
  readonly outcome: Outcome;
  /** Empty when the outcome says it all. */
  readonly why: string;
}

/** How a decision comes about. */
export interface Explanation {
  /** `depends`: on the object, and none was given. */
  readonly decision: 'allowed' | 'refused' | 'depends';
  /** In one sentence. */
  readonly why: string;
  /** Each rule of the caller, in order. */
  readonly rules: readonly ExplainedRule[];
  /** Place among `rules` of the one that decides; absent when none does. */
  readonly winner?: number;
  /** What the rules become when a list is asked for. */
  readonly query: string;
}

/** Explains what a caller may do: on a sample, or in general. Says the same as `Permission` of the same standing. */
export function explain(standing: Standing, action: string, subject: string, sample?: object): Explanation {
  const permission = Permission.of(standing, action, subject);
  const bound = standing.rules.map((rule) => permission.bound.find((each) => each.rule === rule));
  const rules = standing.rules.map((rule, index) => explained(rule, bound[index], bindRule(rule, action, subject, standing), sample));
  const winner = permission.shut === undefined ? winnerAmong(bound, rules) : undefined;
  const decision = decisionOf(permission, sample);
  return {
    ...{ decision, rules, query: writeQuery(permission.query) },
    why: permission.shut ?? sentenceFor(decision, winner === undefined ? undefined : rules[winner]),
    ...(winner === undefined ? {} : { winner }),
  };
}

function explained(rule: Rule, bound: BoundRule | undefined, covering: BoundRule | undefined, sample: object | undefined): ExplainedRule {
  if (covering === undefined) return { rule, outcome: 'other', why: 'It speaks of other actions or subjects.' };
  if (bound === undefined) return { rule, outcome: 'other', why: 'Owners cannot be denied their members and roles.' };
  const { broken, where, effect } = bound;
  if (broken !== undefined) {
    const consequence = effect === 'deny' ? 'it denies, so it counts as matching' : 'it allows, so it never matches';
    return { rule, outcome: 'not-evaluated', why: `${broken}; ${consequence}.` };
  }
  if (sample === undefined && typeof where !== 'boolean') return { rule, outcome: 'depends', why: `Objects with: ${writeQuery(where)}` };
  const matched = sample === undefined ? where === true : bound.matches(sample);
  const hides = effect === 'deny' && rule.fields !== undefined && matched ? 'It hides fields and refuses nothing.' : '';
  return { rule, outcome: matched ? 'matched' : 'not-matched', why: hides };
}

/** The first rule that denies, else the first that allows; only where that is certain. */
function winnerAmong(bound: readonly (BoundRule | undefined)[], rules: readonly ExplainedRule[]): number | undefined {
  const first = (fits: (rule: BoundRule) => boolean, outcomes: readonly Outcome[]): number =>
    bound.findIndex((rule, index) => rule !== undefined && fits(rule) && outcomes.includes(rules[index]?.outcome ?? 'other'));
  const denying = first(refusesObjects, ['matched', 'not-evaluated']);
  if (denying !== -1) return denying;
  if (first(refusesObjects, ['depends']) !== -1) return undefined;
  const allowing = first(({ effect }) => effect === 'allow', ['matched']);
  return allowing === -1 ? undefined : allowing;
}

function decisionOf(permission: Permission, sample: object | undefined): Explanation['decision'] {
  if (sample !== undefined) return permission.allows(sample) ? 'allowed' : 'refused';
  if (typeof permission.query !== 'boolean') return 'depends';
  return permission.query ? 'allowed' : 'refused';
}

function sentenceFor(decision: Explanation['decision'], winner: ExplainedRule | undefined): string {
  if (decision === 'depends') return 'It depends on the object.';
  if (winner === undefined) return 'No rule allows it.';
  const { role, share, reason } = winner.rule;
  const from = role === undefined ? '' : ` of the role ${role}`;
  const source = share === undefined ? `A rule${from}` : `The share ${share}`;
  return `${source} ${'deny' in winner.rule ? 'denies' : 'allows'} it.${reason === undefined ? '' : ` ${reason}`}`;
}
