import type { WorkspaceRights } from '@millrace/auth';
import type { Page } from '@millrace/kernel';
import type { CallContext } from '@millrace/messaging';
import { localTime } from '../../../domain/schedules/local-time';
import type { ScheduleControl, ScheduleState } from '../../schedules/schedule-control';
import { pageOf, type PageRequest } from '../cursors';

export type { ScheduleState } from '../../schedules/schedule-control';

/** A time at which a schedule strikes. */
export interface ScheduleTime {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** What the clocks of its zone show. */
  readonly local: string;
  /** Empty unless the clocks were changed since the time before. */
  readonly note: string;
}

export interface WatchSchedulesParts {
  readonly schedules: ScheduleControl;
  readonly rights: WorkspaceRights;
}

/** Shows the schedules of the version that runs. Refuses as `ScheduleControl` does. */
export class WatchSchedules {
  constructor(private readonly parts: WatchSchedulesParts) {}

  /** In the order of the automations; of one if it is not empty. */
  async list(context: CallContext, workspace: string, automation: string, { limit, cursor }: PageRequest): Promise<Page<ScheduleState>> {
    const workspaceId = await this.admit(context, workspace);
    const all = await this.parts.schedules.list(workspaceId);
    const numbered = all.map((state, index) => ({ state, key: String(index).padStart(6, '0') }));
    const wanted = numbered.filter(({ state }) => automation === '' || state.schedule.slug === automation);
    const paging = { limit, cursor, order: 'ascending', keyOf: ({ key }: { readonly key: string }) => key } as const;
    const { items, ...page } = pageOf(wanted, paging);
    return { ...page, items: items.map(({ state }) => state) };
  }

  /** When it strikes next, paused or not; fewer than `count` when it ends before. */
  async preview(context: CallContext, workspace: string, id: string, count: number): Promise<readonly ScheduleTime[]> {
    const workspaceId = await this.admit(context, workspace);
    const times = await this.parts.schedules.preview(workspaceId, id, count);
    const timeZone = await this.zoneOf(workspaceId, id);
    return times.map((at, index) => {
      const { text, offset } = localTime(timeZone, at);
      const before = times[index - 1];
      const changed = before !== undefined && localTime(timeZone, before).offset !== offset;
      return { at, local: text, note: changed ? `The clocks of ${timeZone} have been changed to UTC${offset} since the time before.` : '' };
    });
  }

  private async zoneOf(workspaceId: string, id: string): Promise<string> {
    const known = (await this.parts.schedules.list(workspaceId)).find(({ schedule }) => schedule.id === id);
    return known?.schedule.trigger.timeZone ?? 'UTC';
  }

  private async admit(context: CallContext, workspace: string): Promise<string> {
    return (await this.parts.rights.require(context, workspace, 'read', 'schedules')).id;
  }
}
