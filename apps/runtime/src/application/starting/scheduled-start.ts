import type { JsonMap } from '@millrace/kernel';
import type { EventLocals, Plan } from '@millrace/language';
import type { Trigger } from '../../domain/run';

/** Type of the event by which a schedule says that its time has come. */
export const TICKED = 'runtime.schedules.ticked';

/** What the tick of a schedule starts: undefined for another event, or when the automation is gone or off. */
export function scheduledStart(
  plan: Plan,
  { id, type, payload, createdAt }: EventLocals,
): { readonly slug: string; readonly locals: JsonMap; readonly trigger: Trigger } | undefined {
  const slug = type === TICKED ? payload['automation'] : undefined;
  if (typeof slug !== 'string' || plan.automations.get(slug)?.disabled !== false) return undefined;
  const { value = null, at = null, late = 0 } = payload;
  const schedule = { value, at, late };
  return {
    slug,
    locals: { schedule, payload: { trigger: value, startedAt: createdAt } },
    trigger: { type: 'schedule', value: String(value), id },
  };
}
