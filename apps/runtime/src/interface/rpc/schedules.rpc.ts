import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs, timestampMs, type Timestamp } from '@bufbuild/protobuf/wkt';
import {
  SchedulesService,
  type BackfillScheduleRequest,
  type ListSchedulesRequest,
  type PauseScheduleRequest,
  type PreviewScheduleRequest,
  type ResumeScheduleRequest,
  type RunScheduleRequest,
  type ScheduleSchema,
} from '@millrace/contracts';
import { Listing } from '@millrace/lists';
import { Rpc, type CallContext } from '@millrace/messaging';
import { Controller, Inject } from '@nestjs/common';
import { BackfillSchedule, type Backfill } from '../../application/inspecting/schedules/backfill-schedule';
import { SteerSchedules } from '../../application/inspecting/schedules/steer-schedules';
import { WatchSchedules, type ScheduleState } from '../../application/inspecting/schedules/watch-schedules';
import { timeField } from './json';

const { method } = SchedulesService;
const SCHEDULES = new Listing(method.listSchedules);
const DEFAULT_COUNT = 10;

@Controller()
export class SchedulesRpc {
  constructor(
    @Inject(WatchSchedules) private readonly watch: WatchSchedules,
    @Inject(SteerSchedules) private readonly steer: SteerSchedules,
    @Inject(BackfillSchedule) private readonly backfills: BackfillSchedule,
  ) {}

  @Rpc(method.listSchedules)
  list(request: ListSchedulesRequest, context: CallContext) {
    const { workspaceId, automation } = request;
    return SCHEDULES.answer(request, (page) => this.watch.list(context, workspaceId, automation, page), scheduleMessage);
  }

  @Rpc(method.runSchedule)
  async run({ workspaceId, scheduleId }: RunScheduleRequest, context: CallContext) {
    return { eventId: await this.steer.runNow(context, workspaceId, scheduleId) };
  }

  @Rpc(method.pauseSchedule)
  async pause({ workspaceId, scheduleId }: PauseScheduleRequest, context: CallContext) {
    return { schedule: scheduleMessage(await this.steer.pause(context, workspaceId, scheduleId)) };
  }

  @Rpc(method.resumeSchedule)
  async resume({ workspaceId, scheduleId }: ResumeScheduleRequest, context: CallContext) {
    return { schedule: scheduleMessage(await this.steer.resume(context, workspaceId, scheduleId)) };
  }

  @Rpc(method.backfillSchedule)
  async backfill({ workspaceId, scheduleId, from, to, overlap, dryRun }: BackfillScheduleRequest, context: CallContext) {
    const ticks = await this.backfills.run(context, workspaceId, scheduleId, {
      ...{ from: momentOf(from), to: momentOf(to), dryRun },
      overlap: overlap === '' ? 'queue' : (overlap as Backfill['overlap']),
    });
    const started = dryRun ? 0 : ticks.filter(({ known }) => !known).length;
    return { started, ticks: ticks.map(({ at, event, known }) => ({ at: timestampFromMs(at), eventId: event, known })) };
  }

  @Rpc(method.previewSchedule)
  async preview({ workspaceId, scheduleId, count }: PreviewScheduleRequest, context: CallContext) {
    const times = await this.watch.preview(context, workspaceId, scheduleId, count === 0 ? DEFAULT_COUNT : count);
    return { times: times.map(({ at, local, note }) => ({ at: timestampFromMs(at), local, note })) };
  }
}

/** The checks of the schema let no request without it through. */
function momentOf(time: Timestamp | undefined): number {
  return time === undefined ? Number.NaN : timestampMs(time);
}

function scheduleMessage({ schedule, next, last, pausedAt }: ScheduleState): MessageInitShape<typeof ScheduleSchema> {
  const { id, slug: automation, trigger } = schedule;
  const { value, timeZone, missed, overlap } = trigger;
  return {
    ...{ id, automation, value, timeZone, missed, overlap },
    ...timeField('next', next),
    ...timeField('last', last),
    ...timeField('pausedAt', pausedAt),
  };
}
