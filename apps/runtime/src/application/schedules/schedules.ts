import type { Alarms, Clock, Ids } from '@millrace/kernel';
import type { Bucket, EventLog } from '@millrace/messaging';
import type { Log } from '@millrace/observability';
import { isSame, schedulesOf, type Schedule } from '../../domain/schedules/schedule';
import { backOff } from '../../domain/timers/back-off';
import type { Models } from '../models';
import { NamedWork } from './named-work';
import type { Activations } from './ports/activations';
import { ScheduleRecords } from './schedule-records';
import { Ticking, type TickingParts } from './ticking';

export interface SchedulesParts {
  readonly activations: Activations;
  readonly models: Pick<Models, 'find'>;
  /** The bucket `schedules`. */
  readonly bucket: Bucket;
  readonly eventLog: EventLog;
  readonly clock: Clock;
  readonly alarms: Alarms;
  readonly ids: Ids;
  readonly log: Log;
  /** How many missed ticks of one schedule are made up for at most; 100 when absent. */
  readonly most?: number;
}

const MOST = 100;
/** Versions loaded at once. */
const PARALLEL = 4;

/** What ticks in one workspace. */
interface Ticked {
  readonly tickings: ReadonlyMap<string, Ticking>;
  /** How often its version could not be loaded, since it last could. */
  readonly failed: number;
  /** Takes back the next try. */
  cancel(this: void): void;
}

const NOTHING: Ticked = { tickings: new Map(), failed: 0, cancel: () => undefined };

/**
 * The schedules of every workspace, as the versions that run there say. Every instance ticks all of them; the log keeps one of each tick,
 * and whoever follows the log starts the run.
 */
export class Schedules {
  private readonly workspaces = new Map<string, Ticked>();
  private readonly records: ScheduleRecords;
  private readonly refreshing = new NamedWork(PARALLEL, (workspaceId) => this.refresh(workspaceId));
  private readonly ticking: TickingParts;
  private unfollow = (): void => undefined;
  private stopped = false;

  constructor(private readonly parts: SchedulesParts) {
    this.records = new ScheduleRecords(parts.bucket, parts.eventLog);
    this.ticking = { ...parts, records: this.records, most: parts.most ?? MOST };
  }

  /** Begins to tick; missed ticks are made up for as versions are loaded. */
  start(): void {
    this.unfollow = this.parts.activations.follow((workspaceId) => this.refreshing.add(workspaceId));
  }

  /** Ticks no more; resolves when what is in hand is done. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.unfollow();
    await this.refreshing.stop();
    for (const { cancel } of this.workspaces.values()) cancel();
    const tickings = [...this.workspaces.values()].flatMap((workspace) => [...workspace.tickings.values()]);
    await Promise.all(tickings.map((ticking) => ticking.stop()));
  }

  private async refresh(workspaceId: string): Promise<void> {
    const before = this.workspaces.get(workspaceId) ?? NOTHING;
    before.cancel();
    try {
      const model = await this.parts.models.find(workspaceId);
      const wanted = model === undefined ? [] : schedulesOf(model.plan, workspaceId, this.parts.ids);
      this.workspaces.set(workspaceId, { ...NOTHING, tickings: await this.change(before.tickings, wanted) });
      await this.records.forget(workspaceId, new Set(wanted.map(({ id }) => id)));
      if (wanted.length === 0) this.workspaces.delete(workspaceId);
    } catch (error) {
      this.parts.log.warn('The schedules of a workspace cannot be read; trying again.', { error, workspaceId });
      this.tryAgain(workspaceId, before.failed + 1);
    }
  }

  private tryAgain(workspaceId: string, failed: number): void {
    const { tickings } = this.workspaces.get(workspaceId) ?? NOTHING;
    const cancel = this.parts.alarms.set(this.parts.clock.now() + backOff(failed), () => this.refreshing.add(workspaceId));
    this.workspaces.set(workspaceId, { tickings, failed, cancel });
  }

  /** Those that are wanted tick: what stays goes on, the rest stops or starts. */
  private async change(before: Ticked['tickings'], wanted: readonly Schedule[]): Promise<Ticked['tickings']> {
    const byId = new Map(wanted.map((schedule) => [schedule.id, schedule]));
    const kept = new Map<string, Ticking>();
    for (const [id, ticking] of before) {
      const schedule = byId.get(id);
      if (schedule !== undefined && isSame(schedule, ticking.schedule)) kept.set(id, ticking);
      else await ticking.stop();
    }
    return new Map(wanted.map((schedule) => [schedule.id, kept.get(schedule.id) ?? this.begin(schedule)]));
  }

  private begin(schedule: Schedule): Ticking {
    const ticking = new Ticking(schedule, this.ticking);
    if (!this.stopped) ticking.start();
    return ticking;
  }
}
