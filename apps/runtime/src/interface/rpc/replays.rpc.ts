import type { MessageInitShape } from '@bufbuild/protobuf';
import { ReplaysService, RunsService, type CreateReplayRequest, type ReplayedRunSchema, type RetryRunRequest } from '@millrace/contracts';
import { Rpc, type CallContext } from '@millrace/messaging';
import { Controller, Inject } from '@nestjs/common';
import { ReplayRuns, type ReplayedRun, type ReplayRequest } from '../../application/inspecting/replays/replay-runs';
import { jsonBytes, jsonField } from './json';

@Controller()
export class ReplaysRpc {
  constructor(@Inject(ReplayRuns) private readonly replay: ReplayRuns) {}

  @Rpc(RunsService.method.retryRun)
  async retry({ workspaceId: workspace, runId, version, fromStep }: RetryRunRequest, context: CallContext) {
    const how = { version: version === 'active' ? version : 'same', effects: 'live', ...fromField(fromStep) } as const;
    const [replayed] = await this.replay.run(context, { workspace, of: { run: runId }, ...how });
    return { runId: replayed?.run ?? '' };
  }

  @Rpc(ReplaysService.method.createReplay)
  async create(request: CreateReplayRequest, context: CallContext) {
    const { workspaceId: workspace, runId, eventId, version, effects, fromStep } = request;
    const runs = await this.replay.run(context, {
      ...{ workspace, of: runId === '' ? { event: eventId } : { run: runId } },
      version: version === '' ? 'same' : (version as ReplayRequest['version']),
      effects: effects === 'blocked' || version === 'draft' ? 'blocked' : 'live',
      ...fromField(fromStep),
    });
    return { runs: runs.map(replayMessage) };
  }
}

function fromField(fromStep: string): Pick<ReplayRequest, 'fromStep'> {
  return fromStep === '' ? {} : { fromStep };
}

function replayMessage({
  run,
  automation,
  replayOf,
  state,
  output,
  error,
  blocked,
}: ReplayedRun): MessageInitShape<typeof ReplayedRunSchema> {
  return {
    ...{ runId: run, automation, replayOf, state: state ?? '' },
    ...jsonField('output', output),
    ...(error === undefined ? {} : { error: { ...error } }),
    blocked: blocked.map(({ request, ...step }) => ({ ...step, request: jsonBytes(request) })),
  };
}
