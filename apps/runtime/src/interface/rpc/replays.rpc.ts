import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import {
  ReplaysService,
  RunsService,
  type CancelReplayRequest,
  type CreateReplayRequest,
  type GetReplayRequest,
  type ListReplaysRequest,
  type ReplayedRunSchema,
  type RetryRunRequest,
  type RetryRunsRequest,
} from '@millrace/contracts';
import { Listing } from '@millrace/lists';
import { Rpc, type CallContext } from '@millrace/messaging';
import { Controller, Inject } from '@nestjs/common';
import { ReplayRuns, type ReplayedRun, type ReplayRequest } from '../../application/inspecting/replays/replay-runs';
import { RetryRuns } from '../../application/inspecting/replays/retry-runs';
import { WatchReplays, type ReplayJob } from '../../application/inspecting/replays/watch-replays';
import { jsonBytes, jsonField, timeField } from './json';
import { filterOf } from './run-filter';

const DEFAULT_RATE = 10;
const REPLAYS = new Listing(ReplaysService.method.listReplays);

@Controller()
export class ReplaysRpc {
  constructor(
    @Inject(ReplayRuns) private readonly replay: ReplayRuns,
    @Inject(RetryRuns) private readonly retryRuns: RetryRuns,
    @Inject(WatchReplays) private readonly watch: WatchReplays,
  ) {}

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

  @Rpc(RunsService.method.retryRuns)
  async retryMany(request: RetryRunsRequest, context: CallContext) {
    const { workspaceId, runIds, version, rate, dryRun } = request;
    const choice = runIds.length > 0 ? { runs: runIds } : { filter: filterOf(request) };
    const { matched, job } = await this.retryRuns.run(context, workspaceId, choice, {
      ...{ version: version === 'active' ? version : 'same', rate: rate === 0 ? DEFAULT_RATE : rate, dryRun },
    });
    return { matched, ...(job === undefined ? {} : { replay: jobMessage(job) }) };
  }

  @Rpc(ReplaysService.method.listReplays)
  list(request: ListReplaysRequest, context: CallContext) {
    return REPLAYS.answer(request, (page) => this.watch.list(context, request.workspaceId, page), jobMessage);
  }

  @Rpc(ReplaysService.method.getReplay)
  async get({ workspaceId, replayId }: GetReplayRequest, context: CallContext) {
    return { replay: jobMessage(await this.watch.get(context, workspaceId, replayId)) };
  }

  @Rpc(ReplaysService.method.cancelReplay)
  async cancel({ workspaceId, replayId }: CancelReplayRequest, context: CallContext) {
    await this.watch.cancel(context, workspaceId, replayId);
    return {};
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

function jobMessage({ id, state, version, rate, matched, begun, failed, problems, by, createdAt, endedAt }: ReplayJob) {
  return {
    ...{ id, state, version, rate, matched, begun, failed, by: by.id },
    problems: problems.map(({ run: runId, ...problem }) => ({ runId, ...problem })),
    createdAt: timestampFromMs(createdAt),
    ...timeField('endedAt', endedAt),
  };
}
