import type { Clock, Ids, Principal } from '@millrace/kernel';
import { nextTick } from '@millrace/language';
import type { Bucket, EventLog } from '@millrace/messaging';
import { paused, resumed, type ScheduleRecord } from '../../domain/schedules/record';
import { scheduleMissing } from '../../domain/schedules/refusals';
import { schedulesOf, type Schedule } from '../../domain/schedules/schedule';
import type { Models } from '../models';
import { askedFor } from './schedule-events';
import { ScheduleRecords } from './schedule-records';

export interface ScheduleControlParts {
  readonly models: Pick<Models, 'get'>;
  /** The bucket `schedules`. */
  readonly bucket: Bucket;
  readonly eventLog: EventLog;
  readonly clock: Clock;
  readonly ids: Ids;
}

/** A schedule as it stands. Times are milliseconds since 1970. */
export interface ScheduleState {
  readonly schedule: Schedule;
  /** When it fires next, its jitter included; absent: never again, or not while it is paused. */
  readonly next?: number;
  /** The nominal time of the last tick fired. */
  readonly last?: number;
  /** Since when it is paused. */
  readonly pausedAt?: number;
}

/** What people may see and do of the schedules of a workspace. Refuses with `runtime.nothing_published` and `runtime.schedule_not_found`. */
export class ScheduleControl {
  private readonly records: ScheduleRecords;

  constructor(private readonly parts: ScheduleControlParts) {
    this.records = new ScheduleRecords(parts.bucket, parts.eventLog);
  }

  /** Those of the version that runs, in the order of its automations. `workspace`: id or slug. */
  async list(workspace: string): Promise<readonly ScheduleState[]> {
    const schedules = await this.all(workspace);
    return Promise.all(schedules.map(async (schedule) => this.stateOf(schedule, await this.records.find(schedule))));
  }

  /** The next `count` nominal times, paused or not; fewer when it ends before. */
  async preview(workspace: string, id: string, count: number): Promise<readonly number[]> {
    const { trigger } = await this.get(workspace, id);
    const times: number[] = [];
    let tick = nextTick(trigger, this.parts.clock.now());
    for (; tick !== undefined && times.length < count; tick = nextTick(trigger, tick)) times.push(tick);
    return times;
  }

  /** No tick fires until it is resumed, and those of the meantime are not made up for. */
  async pause(workspace: string, id: string): Promise<ScheduleState> {
    return this.change(await this.get(workspace, id), paused);
  }

  /** Goes on with the next tick from now on. */
  async resume(workspace: string, id: string): Promise<ScheduleState> {
    return this.change(await this.get(workspace, id), resumed);
  }

  /** A tick now, paused or not, whoever asked being the one who caused it. Answers the id of its event. */
  async runNow(workspace: string, id: string, by: Principal): Promise<string> {
    const schedule = await this.get(workspace, id);
    const event = askedFor(schedule, this.parts.clock.now(), by, this.parts.ids);
    await this.parts.eventLog.append([event]);
    return event.id;
  }

  private async change(schedule: Schedule, change: (record: ScheduleRecord, now: number) => ScheduleRecord): Promise<ScheduleState> {
    const now = this.parts.clock.now();
    return this.stateOf(schedule, await this.records.change(schedule, now, (record) => change(record, now)));
  }

  private stateOf(schedule: Schedule, record: ScheduleRecord | undefined): ScheduleState {
    const now = this.parts.clock.now();
    const { at, pausedAt, since } = record ?? { since: now };
    const next = pausedAt === undefined ? nextTick(schedule.trigger, Math.max(since, now - schedule.jitter)) : undefined;
    return {
      schedule,
      ...(next === undefined ? {} : { next: next + schedule.jitter }),
      ...(at === undefined ? {} : { last: at }),
      ...(pausedAt === undefined ? {} : { pausedAt }),
    };
  }

  private async get(workspace: string, id: string): Promise<Schedule> {
    const schedule = (await this.all(workspace)).find((known) => known.id === id);
    if (schedule === undefined) throw scheduleMissing(id);
    return schedule;
  }

  private async all(workspace: string): Promise<readonly Schedule[]> {
    const { plan, workspaceId } = await this.parts.models.get(workspace);
    return schedulesOf(plan, workspaceId, this.parts.ids);
  }
}
