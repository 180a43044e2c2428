import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import {
  SchedulesService,
  type ListSchedulesRequest,
  type PauseScheduleRequest,
  type PreviewScheduleRequest,
  type ResumeScheduleRequest,
  type RunScheduleRequest,
  type ScheduleSchema,
} from '@millrace/contracts';
import { Rpc, type CallContext } from '@millrace/messaging';
import { Controller, Inject } from '@nestjs/common';
import { SteerSchedules } from '../../application/inspecting/schedules/steer-schedules';
import { WatchSchedules, type ScheduleState } from '../../application/inspecting/schedules/watch-schedules';
import { timeField } from './json';
import { pageOf } from './page';

const { method } = SchedulesService;
const DEFAULT_COUNT = 10;

@Controller()
export class SchedulesRpc {
  constructor(
    @Inject(WatchSchedules) private readonly watch: WatchSchedules,
    @Inject(SteerSchedules) private readonly steer: SteerSchedules,
  ) {}

  @Rpc(method.listSchedules)
  async list(request: ListSchedulesRequest, context: CallContext) {
    const { items, nextCursor = '' } = await this.watch.list(context, request.workspaceId, request.automation, pageOf(request));
    return { items: items.map(scheduleMessage), nextCursor };
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

  @Rpc(method.previewSchedule)
  async preview({ workspaceId, scheduleId, count }: PreviewScheduleRequest, context: CallContext) {
    const times = await this.watch.preview(context, workspaceId, scheduleId, count === 0 ? DEFAULT_COUNT : count);
    return { times: times.map(({ at, local, note }) => ({ at: timestampFromMs(at), local, note })) };
  }
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
