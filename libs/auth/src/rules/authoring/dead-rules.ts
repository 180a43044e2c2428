import { parseFilter, type Filter, type FilterValue } from '@millrace/language';
import { ACTIONS, covers, isConditional, type Rule } from '../rule';
import { vocabularyOf } from '../vocabulary';

/** A rule that changes nothing. */
export interface DeadRule {
  /** Place of the rule among those given. */
  readonly rule: number;
  readonly why: string;
}

/** Fields that hold one value, so that two different ones cannot both be there. */
const SINGLE: readonly string[] = ['type', 'id', 'slug', 'automation', 'state', 'actor.id', 'actor.kind', 'target.user', 'target.session'];

/** The rules of a role that can never match anything, as far as that can be told by reading them. */
export function deadRules(rules: readonly Rule[]): readonly DeadRule[] {
  return rules.flatMap((rule, index) => {
    const why = contradiction(rule) ?? overruled(rule, rules);
    return why === undefined ? [] : [{ rule: index, why }];
  });
}

/** An allowing rule all of whose actions other rules of the role deny without conditions. */
function overruled(rule: Rule, rules: readonly Rule[]): string | undefined {
  if ('deny' in rule) return undefined;
  const denying = rules.filter((each) => 'deny' in each && !isConditional(each));
  const actions = rule.allow.includes('manage') ? ACTIONS : rule.allow;
  const all = rule.on.every((subject) => actions.every((action) => denying.some((each) => covers(each, action, subject))));
  return all ? 'Rules of the same role deny all that it allows.' : undefined;
}

function contradiction({ where, on }: Rule): string | undefined {
  const [subject = ''] = on;
  if (where === undefined) return undefined;
  const found = twoValues(parseFilter(where, vocabularyOf(subject)?.fields, 'variables'));
  return found === undefined ? undefined : `${found} cannot have two values at once.`;
}

/** A single field that the parts of an `and` want to be different things. */
function twoValues(filter: Filter): string | undefined {
  if (filter.op !== 'and') return undefined;
  const wanted = new Map<string, FilterValue>();
  for (const part of filter.filters) {
    if (part.op === 'and') return twoValues(part);
    if (part.op !== '=' || !SINGLE.includes(part.field) || String(part.value).includes('${')) continue;
    const before = wanted.get(part.field);
    if (before !== undefined && before !== part.value) return part.field;
    wanted.set(part.field, part.value);
  }
  return undefined;
}
