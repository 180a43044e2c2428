import type { Ids } from '@millrace/kernel';
import { jitterOf, type Plan, type ScheduleTrigger } from '@millrace/language';

/** One entry of an automation's schedules, where it is in force. */
export interface Schedule {
  /** `sch_…`: the same over versions as long as the automation's slug and the times at which it strikes are. */
  readonly id: string;
  readonly workspaceId: string;
  /** The automation. */
  readonly slug: string;
  readonly trigger: ScheduleTrigger;
  /** Milliseconds by which each tick comes after its nominal time. */
  readonly jitter: number;
}

/** The schedules of the automations that are not disabled. Entries of one automation that strike at the same times are one. */
export function schedulesOf(plan: Plan, workspaceId: string, ids: Ids): readonly Schedule[] {
  const byId = new Map<string, Schedule>();
  for (const { slug, disabled, triggers } of plan.automations.values()) {
    if (disabled) continue;
    for (const trigger of triggers.schedules) {
      const id = ids.derive('sch', workspaceId, slug, timesOf(trigger));
      if (!byId.has(id)) byId.set(id, { id, workspaceId, slug, trigger, jitter: jitterOf(trigger, workspaceId, slug, id) });
    }
  }
  return [...byId.values()];
}

/** Whether two schedules of the same id are the same in everything else, too. */
export function isSame(one: Schedule, other: Schedule): boolean {
  return JSON.stringify(one.trigger) === JSON.stringify(other.trigger);
}

/** The text of an entry as far as it says when to strike; what to do about missed and overlapping ticks may change. */
function timesOf({ cron, every, at, timeZone, dst }: ScheduleTrigger): string {
  if (at !== undefined) return `at ${at}`;
  if (every !== undefined) return `every ${every}`;
  const fields = (cron ?? '').trim().toLowerCase().split(/\s+/).join(' ');
  return `cron ${fields} in ${timeZone}, missing ${dst.missing}, repeated ${dst.repeated}`;
}
