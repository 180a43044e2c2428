import { compileFilter, parseFilter, type Filter } from '@millrace/language';
import { bindFilter, Unbound, type Bound } from './bind';
import { covers, type Rule } from './rule';
import { variablesOf, type Asker } from './variables';
import { isTimeOf, vocabularyOf } from './vocabulary';

/** A rule as it stands for one caller and one question. */
export interface BoundRule {
  readonly rule: Rule;
  readonly effect: 'allow' | 'deny';
  /** The objects it matches. Of one that cannot be evaluated: none when it allows, all when it denies. */
  readonly where: Bound;
  /** Why it cannot be evaluated. */
  readonly broken?: string;
  readonly matches: (object: object) => boolean;
}

/** The rule for this caller; undefined when it speaks of something else. */
export function bindRule(rule: Rule, action: string, subject: string, asker: Asker): BoundRule | undefined {
  if (!covers(rule, action, subject)) return undefined;
  const effect = 'deny' in rule ? 'deny' : 'allow';
  try {
    return { rule, effect, ...matching(boundWhere(rule, subject, asker)) };
  } catch (error) {
    if (!(error instanceof Unbound)) throw error;
    return { rule, effect, broken: error.message, ...matching(effect === 'deny') };
  }
}

function matching(where: Bound): Pick<BoundRule, 'where' | 'matches'> {
  return { where, matches: typeof where === 'boolean' ? () => where : compileFilter(where) };
}

function boundWhere({ where, fields }: Rule, subject: string, asker: Asker): Bound {
  if (where === undefined && fields === undefined) return true;
  const vocabulary = vocabularyOf(subject);
  if (vocabulary === undefined) throw new Unbound(`conditions on ${subject} are not known`);
  if (fields !== undefined && vocabulary.identity === undefined) throw new Unbound(`fields of ${subject} cannot be hidden`);
  if (where === undefined) return true;
  return bindFilter(parsed(where, subject), variablesOf(asker), isTimeOf(vocabulary));
}

function parsed(where: string, subject: string): Filter {
  try {
    return parseFilter(where, vocabularyOf(subject)?.fields, 'variables');
  } catch (error) {
    throw new Unbound(error instanceof Error ? error.message : String(error));
  }
}
