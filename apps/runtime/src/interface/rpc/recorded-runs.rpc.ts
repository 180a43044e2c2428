import { RunsService, type CaptureRunRequest, type CompareRunsRequest } from '@millrace/contracts';
import { Rpc, type CallContext } from '@millrace/messaging';
import { Controller, Inject } from '@nestjs/common';
import { CaptureRun } from '../../application/inspecting/runs/capture-run';
import { CompareRuns } from '../../application/inspecting/runs/compare-runs';
import { pageOf } from './page';
import { comparedMessage, runMessage } from './run-messages';

const { method } = RunsService;

/** What the records of runs that have ended are good for. */
@Controller()
export class RecordedRunsRpc {
  constructor(
    @Inject(CompareRuns) private readonly compareRuns: CompareRuns,
    @Inject(CaptureRun) private readonly captureRun: CaptureRun,
  ) {}

  @Rpc(method.compareRuns)
  async compare(request: CompareRunsRequest, context: CallContext) {
    const { workspaceId, runId, otherId } = request;
    const compared = await this.compareRuns.run(context, workspaceId, [runId, otherId], pageOf(request));
    const { run, other, differences, first = '', items, nextCursor = '', omitted } = compared;
    return {
      ...{ run: runMessage(run), other: runMessage(other), differences: [...differences], firstDifference: first },
      ...{ items: items.map(comparedMessage), nextCursor, omitted },
    };
  }

  @Rpc(method.captureRun)
  async capture({ workspaceId, runId }: CaptureRunRequest, context: CallContext) {
    const { file, content, notes } = await this.captureRun.run(context, workspaceId, runId);
    return { file, content, notes: [...notes] };
  }
}
