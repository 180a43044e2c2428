import type { Json, JsonMap } from '@millrace/kernel';
import { fillIn, type Plan } from '@millrace/language';
import type { Gate, Run } from '../../domain/run';

const MONTH = 30 * 86_400_000;

type Terms = Pick<Run, 'deadline' | 'priority' | 'gate' | 'record' | 'retry'>;

/** What an automation says of how its runs are admitted, for one of them. */
export function termsOf(plan: Plan, slug: string, locals: JsonMap, startedAt: number): Terms {
  const admission = plan.automations.get(slug)?.admission;
  const { concurrency, priority = 'normal', timeout = MONTH, record = 'full', retry } = admission ?? {};
  const again = retry === undefined || retry.attempts < 2 ? {} : { retry: { attempt: 1, policy: retry } };
  const terms = { deadline: startedAt + timeout, priority, record, ...again };
  if (concurrency === undefined) return terms;
  const { limit, policy, key } = concurrency;
  return { ...terms, gate: { limit, policy, key: filled(plan, key, locals) } };
}

/** The gate of the runs of one schedule: one at a time, unless the automation limits its runs itself. */
export function overlapGate(entry: Json | undefined, overlap: Json | undefined): Gate | undefined {
  if (overlap !== 'skip' && overlap !== 'queue' && overlap !== 'cancel') return undefined;
  return { key: `schedule:${typeof entry === 'string' ? entry : ''}`, limit: 1, policy: overlap };
}

/** A template over the locals of a run as text; empty when it comes to nothing or cannot be evaluated. */
export function filled(plan: Plan, template: string | undefined, locals: JsonMap): string {
  if (template === undefined) return '';
  try {
    const value = fillIn(template, locals, plan.timeZone) ?? '';
    return typeof value === 'string' ? value : JSON.stringify(value);
  } catch {
    return '';
  }
}
