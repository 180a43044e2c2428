import type { Alarms, Clock, Ids } from '@millrace/kernel';
import { nextTick } from '@millrace/language';
import type { EventLog, NewEvent, Position } from '@millrace/messaging';
import type { Log } from '@millrace/observability';
import { lastOf, owed, type Owed } from '../../domain/schedules/owed';
import { settled, type KeptPosition, type ScheduleRecord } from '../../domain/schedules/record';
import type { Schedule } from '../../domain/schedules/schedule';
import { backOff } from '../../domain/timers/back-off';
import { missed, ticked } from './schedule-events';
import type { ScheduleRecords } from './schedule-records';

export interface TickingParts {
  readonly records: ScheduleRecords;
  readonly eventLog: EventLog;
  readonly clock: Clock;
  readonly alarms: Alarms;
  readonly ids: Ids;
  readonly log: Log;
  /** How many missed ticks of one schedule are made up for at most. */
  readonly most: number;
}

/**
 * One schedule, ticking: at each of its times the tick goes to the log, then the record says so. Nothing but the next alarm is in memory,
 * so a pause, a downtime and another instance that was faster are all seen in the record.
 */
export class Ticking {
  private cancel = (): void => undefined;
  private striking: Promise<void> = Promise.resolve();
  private stopped = false;
  /** The nominal time of the next tick. */
  private next: number | undefined;

  constructor(
    readonly schedule: Schedule,
    private readonly parts: TickingParts,
  ) {}

  /** Makes up for what was missed, then ticks. */
  start(): void {
    this.ring(0);
  }

  /** Resolves when what is in hand is done. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.cancel();
    await this.striking;
  }

  private ring(failed: number): void {
    this.striking = this.strike(failed);
  }

  private async strike(failed: number): Promise<void> {
    const { records, clock, log } = this.parts;
    const now = clock.now();
    try {
      const record = await records.take(this.schedule, this.next === undefined ? now : this.next - 1);
      if (record.pausedAt === undefined) await this.settle(owed(this.schedule, record.since, now, this.parts.most), record, now);
      this.armNext(Math.max(record.since, now - this.schedule.jitter));
    } catch (error) {
      const { workspaceId, slug, trigger } = this.schedule;
      log.warn('A schedule could not tick; trying again.', { error, workspaceId, automation: slug, schedule: trigger.value });
      this.arm(clock.now() + backOff(failed + 1), failed + 1);
    }
  }

  private armNext(after: number): void {
    this.next = nextTick(this.schedule.trigger, after);
    if (this.next !== undefined) this.arm(this.next + this.schedule.jitter, 0);
  }

  private arm(at: number, failed: number): void {
    if (!this.stopped) this.cancel = this.parts.alarms.set(at, () => this.ring(failed));
  }

  private async settle(due: Owed, record: ScheduleRecord, now: number): Promise<void> {
    const last = lastOf(due);
    if (last === undefined || this.stopped) return;
    const { eventLog, records } = this.parts;
    const appended = await eventLog.append(this.eventsOf(due, now), due.overdue ? await this.since(record) : {});
    const position = keptOf(appended.at(-1)?.position) ?? record.position;
    await records.change(this.schedule, last, (known) => settled(known, last, due.fire.at(-1), position));
  }

  private eventsOf({ fire, missed: lost, missedSince }: Owed, now: number): readonly NewEvent[] {
    const { ids } = this.parts;
    return [
      ...lost.map((at, index) => missed(this.schedule, at, now, ids, index === 0 ? missedSince : undefined)),
      ...fire.map((at) => ticked(this.schedule, at, now, ids)),
    ];
  }

  /** From where the log shall look for ticks that were told before a downtime but not recorded. */
  private async since({ position: { epoch, offset } }: ScheduleRecord): Promise<{ readonly since?: Position }> {
    const range = await this.parts.eventLog.range();
    return range.epoch === epoch ? { since: { epoch, offset: BigInt(offset) } } : {};
  }
}

function keptOf(position: Position | undefined): KeptPosition | undefined {
  return position === undefined ? undefined : { epoch: position.epoch, offset: String(position.offset) };
}
