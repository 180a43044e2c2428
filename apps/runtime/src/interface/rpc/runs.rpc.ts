import {
  RunsService,
  type CancelRunRequest,
  type CancelRunsRequest,
  type DeleteRunRequest,
  type GetRunRequest,
  type ListRunEventsRequest,
  type ListRunsRequest,
  type ListStepsRequest,
} from '@millrace/contracts';
import { eventToMessage, Rpc, type CallContext } from '@millrace/messaging';
import { Controller, Inject } from '@nestjs/common';
import { CancelRuns } from '../../application/inspecting/runs/cancel-runs';
import { DeleteRun } from '../../application/inspecting/runs/delete-run';
import { ListRunEvents } from '../../application/inspecting/runs/list-run-events';
import { ListRuns } from '../../application/inspecting/runs/list-runs';
import { ShowRun } from '../../application/inspecting/runs/show-run';
import { pageOf } from './page';
import { filterOf } from './run-filter';
import { runMessage, stepMessage } from './run-messages';

const { method } = RunsService;

@Controller()
export class RunsRpc {
  constructor(
    @Inject(ListRuns) private readonly listRuns: ListRuns,
    @Inject(ShowRun) private readonly showRun: ShowRun,
    @Inject(ListRunEvents) private readonly listRunEvents: ListRunEvents,
    @Inject(CancelRuns) private readonly cancelRuns: CancelRuns,
    @Inject(DeleteRun) private readonly deleteRun: DeleteRun,
  ) {}

  @Rpc(method.listRuns)
  async list(request: ListRunsRequest, context: CallContext) {
    const { items, nextCursor = '' } = await this.listRuns.run(context, request.workspaceId, filterOf(request), pageOf(request));
    return { items: items.map(runMessage), nextCursor };
  }

  @Rpc(method.getRun)
  async get({ workspaceId, runId }: GetRunRequest, context: CallContext) {
    return { run: runMessage(await this.showRun.run(context, workspaceId, runId)) };
  }

  @Rpc(method.deleteRun)
  async delete({ workspaceId, runId }: DeleteRunRequest, context: CallContext) {
    await this.deleteRun.run(context, workspaceId, runId);
    return {};
  }

  @Rpc(method.listSteps)
  async steps(request: ListStepsRequest, context: CallContext) {
    const { items, nextCursor = '', omitted } = await this.showRun.steps(context, request.workspaceId, request.runId, pageOf(request));
    return { items: items.map(stepMessage), nextCursor, omitted };
  }

  @Rpc(method.listRunEvents)
  async events(request: ListRunEventsRequest, context: CallContext) {
    const { items, nextCursor = '' } = await this.listRunEvents.run(context, request.workspaceId, request.runId, pageOf(request));
    return { items: items.map(eventToMessage), nextCursor };
  }

  @Rpc(method.cancelRun)
  async cancel({ workspaceId, runId, reason }: CancelRunRequest, context: CallContext) {
    await this.cancelRuns.one(context, workspaceId, runId, reason);
    return {};
  }

  @Rpc(method.cancelRuns)
  cancelAll(request: CancelRunsRequest, context: CallContext) {
    const { workspaceId, reason, dryRun } = request;
    return this.cancelRuns.all(context, workspaceId, filterOf(request), { reason, dryRun });
  }
}
