import type { JsonMap } from '@millrace/kernel';
import type { EventLocals, Plan } from '@millrace/language';
import type { Gate, Trigger } from '../../domain/run';
import { overlapGate } from './terms';

/** Type of the event by which a schedule says that its time has come. */
export const TICKED = 'runtime.schedules.ticked';

/** A run to be started. */
export interface Start {
  readonly slug: string;
  readonly locals: JsonMap;
  readonly trigger: Trigger;
  /** Holds when the automation does not limit its runs itself. */
  readonly gate?: Gate;
}

/** What the tick of a schedule starts: undefined for another event, or when the automation is gone or off. */
export function scheduledStart(plan: Plan, event: EventLocals): Start | undefined {
  if (event.type !== TICKED) return undefined;
  const { id, payload, createdAt } = event;
  const slug = payload['automation'];
  if (typeof slug !== 'string' || plan.automations.get(slug)?.disabled !== false) return undefined;
  const { value = null, at = null, late = 0, entry, overlap } = payload;
  const gate = overlapGate(entry, overlap);
  const schedule = { value, at, late };
  return {
    slug,
    locals: { schedule, payload: { trigger: value, startedAt: createdAt } },
    trigger: { type: 'schedule', value: typeof value === 'string' ? value : '', id },
    ...(gate === undefined ? {} : { gate }),
  };
}
