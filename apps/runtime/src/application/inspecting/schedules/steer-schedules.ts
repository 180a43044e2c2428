import type { WorkspaceRights } from '@millrace/auth';
import type { CallContext } from '@millrace/messaging';
import type { ScheduleControl, ScheduleState } from '../../schedules/schedule-control';

export interface SteerSchedulesParts {
  readonly schedules: ScheduleControl;
  readonly rights: WorkspaceRights;
}

/** Lets people decide whether a schedule ticks. Refuses as `ScheduleControl` does. */
export class SteerSchedules {
  constructor(private readonly parts: SteerSchedulesParts) {}

  /** A tick now; answers the id of its event. */
  async runNow(context: CallContext, workspace: string, id: string): Promise<string> {
    return this.parts.schedules.runNow(await this.admit(context, workspace), id, context.principal);
  }

  async pause(context: CallContext, workspace: string, id: string): Promise<ScheduleState> {
    return this.parts.schedules.pause(await this.admit(context, workspace), id);
  }

  async resume(context: CallContext, workspace: string, id: string): Promise<ScheduleState> {
    return this.parts.schedules.resume(await this.admit(context, workspace), id);
  }

  private async admit(context: CallContext, workspace: string): Promise<string> {
    return (await this.parts.rights.require(context, workspace, 'manage', 'schedules')).id;
  }
}
