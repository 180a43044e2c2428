import type { WorkspaceRights } from '@millrace/auth';
import type { Clock, Ids } from '@millrace/kernel';
import type { ScheduleTrigger } from '@millrace/language';
import type { CallContext, EventLog, NewEvent } from '@millrace/messaging';
import { runNames } from '../../../domain/run';
import { pastTicks, type Span } from '../../../domain/schedules/past-ticks';
import { scheduleMissing } from '../../../domain/schedules/refusals';
import type { Schedule } from '../../../domain/schedules/schedule';
import type { ScheduleControl } from '../../schedules/schedule-control';
import { ticked } from '../../schedules/schedule-events';
import type { Announcements } from '../announcements';
import type { FindRun } from '../runs/find-run';

/** Ticks of one call: those of a downtime that are made up for are no more. */
const MOST = 100;

/** The ticks of which span, and how their runs stand to each other. `dryRun`: nothing is started. */
export interface Backfill extends Span {
  readonly overlap: ScheduleTrigger['overlap'];
  readonly dryRun: boolean;
}

/** A tick of the past. */
export interface PastTick {
  /** Nominal, in milliseconds since 1970. */
  readonly at: number;
  /** The id of its event. */
  readonly event: string;
  /** It has struck already, so nothing was started. In a dry run: as far as its run is known. */
  readonly known: boolean;
}

export interface BackfillScheduleParts {
  readonly schedules: Pick<ScheduleControl, 'list'>;
  readonly find: Pick<FindRun, 'has'>;
  readonly eventLog: EventLog;
  readonly rights: WorkspaceRights;
  readonly announcements: Announcements;
  readonly clock: Clock;
  readonly ids: Ids;
}

/**
 * Makes up for ticks of the past. They are the same events as those of the clock: what has struck already, then or in a backfill before, does
 * not strike again.
 */
export class BackfillSchedule {
  constructor(private readonly parts: BackfillScheduleParts) {}

  /** Paused or not; durable when it resolves. Refuses as `ScheduleControl` and `pastTicks` do. */
  async run(context: CallContext, workspace: string, id: string, { overlap, dryRun, ...span }: Backfill): Promise<readonly PastTick[]> {
    const { rights, clock, ids } = this.parts;
    const { id: workspaceId } = await rights.require(context, workspace, 'manage', 'schedules');
    const schedule = await this.scheduleOf(workspaceId, id);
    const now = clock.now();
    const ticking = { ...schedule, trigger: { ...schedule.trigger, overlap } };
    const times = pastTicks(schedule.trigger, span, now, MOST);
    const events = times.map((at) => ticked(ticking, at, now, ids));
    const known = await this.known(schedule, events);
    const started = dryRun ? new Set<string>() : await this.start(events.filter((event) => !known.has(event.id)));
    if (started.size > 0) await this.tell(context, schedule, span, started.size);
    return times.map((at, index) => {
      const event = events[index]?.id ?? '';
      return { at, event, known: dryRun ? known.has(event) : !started.has(event) };
    });
  }

  private async scheduleOf(workspaceId: string, id: string): Promise<Schedule> {
    const state = (await this.parts.schedules.list(workspaceId)).find(({ schedule }) => schedule.id === id);
    if (state === undefined) throw scheduleMissing(id);
    return state.schedule;
  }

  /** The events whose run goes on or is kept: for longer than the log remembers what it took. */
  private async known({ workspaceId, slug }: Schedule, events: readonly NewEvent[]): Promise<ReadonlySet<string>> {
    const { find, ids } = this.parts;
    const known = new Set<string>();
    for (const { id } of events) if (await find.has(workspaceId, ids.derive('run', ...runNames(id, workspaceId, slug)))) known.add(id);
    return known;
  }

  /** The ids of the events that the log did not have. */
  private async start(events: readonly NewEvent[]): Promise<ReadonlySet<string>> {
    const { eventLog } = this.parts;
    const { epoch, first: offset } = await eventLog.range();
    const appended = await eventLog.append(events, { since: { epoch, offset } });
    return new Set(appended.filter(({ duplicate }) => !duplicate).map(({ id }) => id));
  }

  private async tell(context: CallContext, { workspaceId, slug, id }: Schedule, { from, to }: Span, started: number): Promise<void> {
    const [begin, end] = [new Date(from).toISOString(), new Date(to).toISOString()];
    const payload = { automation: slug, entry: id, from: begin, to: end, started };
    await this.parts.announcements.tell(context, workspaceId, 'runtime.schedules.backfilled', payload);
  }
}
