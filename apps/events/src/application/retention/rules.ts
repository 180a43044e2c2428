import { matchesPattern, type Filter } from '@millrace/language';
import { AUDITED } from '../reading/audited';

/** Events of these types are kept so many days, by their own time. */
export interface RetentionRule {
  /** Patterns. */
  readonly types: readonly string[];
  readonly days: number;
}

/** Days that events are kept which no rule fits. */
export const DEFAULT_DAYS = 180;
/** Days that the audit is kept, whatever the rules say. */
export const AUDIT_DAYS = 1_826;

/** The rules of a workspace that is gone for good: nothing of it is kept but its audit. */
export const AUDIT_ALONE: readonly RetentionRule[] = [{ types: ['>'], days: 0 }];

const DAY = 86_400_000;
const AUDIT: RetentionRule = { types: AUDITED, days: AUDIT_DAYS };
const OTHERS: RetentionRule = { types: ['>'], days: DEFAULT_DAYS };

/** When an event of this type and time ends to be kept; milliseconds since 1970. */
export function endOf(rules: readonly RetentionRule[], { type, time }: { readonly type: string; readonly time: number }): number {
  const rule = [AUDIT, ...rules].find(({ types }) => types.some((pattern) => matchesPattern(pattern, type))) ?? OTHERS;
  return time + rule.days * DAY;
}

/** Whether an event is kept no longer, as `expired` finds it. */
export function isExpired(rules: readonly RetentionRule[], event: { readonly type: string; readonly time: number }, now: number): boolean {
  return endOf(rules, event) <= now;
}

/** The filter that finds the events which are kept no longer, by the first rule that fits each. */
export function expired(rules: readonly RetentionRule[], now: number): Filter {
  const all = [AUDIT, ...rules, OTHERS];
  const filters = all.map(({ types, days }, index): Filter => {
    const earlier = all.slice(0, index).flatMap((rule) => rule.types.map(matches));
    const old: Filter = { op: '<=', field: 'time', value: now - days * DAY };
    return {
      op: 'and',
      filters: [old, { op: 'or', filters: types.map(matches) }, ...earlier.map((filter): Filter => ({ op: 'not', filter }))],
    };
  });
  return { op: 'or', filters };
}

/** The time since when nothing has expired, whatever its type. */
export function keptSince(rules: readonly RetentionRule[], now: number): number {
  return now - Math.min(DEFAULT_DAYS, ...rules.map(({ days }) => days)) * DAY;
}

function matches(pattern: string): Filter {
  return { op: 'matches', field: 'type', pattern };
}
