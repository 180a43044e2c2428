import type { Json, JsonMap } from '@millrace/kernel';
import { fillIn, type Plan } from '@millrace/language';
import type { Gate, Run } from '../../domain/run';
import type { Model } from '../models';

type Terms = Pick<Run, 'deadline' | 'priority' | 'gate' | 'record' | 'retry' | 'unknownEvents' | 'region'>;

/** What an automation says of how its runs are admitted, and its workspace of what they may emit and where it is, for one of them. */
export function termsOf(
  { plan, unknownEvents, region }: Pick<Model, 'plan' | 'unknownEvents' | 'region'>,
  slug: string,
  locals: JsonMap,
  startedAt: number,
): Terms {
  const admission = plan.automations.get(slug)?.admission;
  const { concurrency, priority = 'normal', timeout = plan.limits.defaultTimeout, record = 'full', retry } = admission ?? {};
  const again = retry === undefined || retry.attempts < 2 ? {} : { retry: { attempt: 1, policy: retry } };
  const held = { ...(unknownEvents === undefined ? {} : { unknownEvents }), ...(region === undefined ? {} : { region }) };
  const terms = { deadline: startedAt + timeout, priority, record, ...again, ...held };
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
    const value = fillIn(template, locals, plan) ?? '';
    return typeof value === 'string' ? value : JSON.stringify(value);
  } catch {
    return '';
  }
}
