import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { demandSome } from '@millrace/auth';
import { HistoryService, type ExplainEventRequest, type GetLineageRequest } from '@millrace/contracts';
import { eventToMessage, Rpc, type CallContext } from '@millrace/messaging';
import { Controller, Inject } from '@nestjs/common';
import type { MatchDecision } from '../../application/ports/match-decisions';
import type { ToldRun } from '../../application/ports/readable-runs';
import { EventRights } from '../../application/reading/event-rights';
import { Readable } from '../../application/reading/readable';
import { ExplainEvent } from '../../application/story/explain-event';
import { GetLineage, type Node } from '../../application/story/get-lineage';

const { method } = HistoryService;

/** What led to an event, and what it led to. */
@Controller()
export class StoryRpc {
  constructor(
    @Inject(EventRights) private readonly rights: EventRights,
    @Inject(GetLineage) private readonly lineage: GetLineage,
    @Inject(ExplainEvent) private readonly explain: ExplainEvent,
  ) {}

  @Rpc(method.getLineage)
  async getLineage({ workspaceId, eventId }: GetLineageRequest, context: CallContext) {
    const [{ id, permission }, runs] = await Promise.all([
      this.rights.toRead(context, workspaceId),
      this.rights.toReadRuns(context, workspaceId),
    ]);
    const { nodes, truncated } = await this.lineage.run(context, { workspaceId: id, eventId, readable: new Readable(permission), runs });
    return { nodes: nodes.map(nodeMessage), truncated };
  }

  @Rpc(method.explainEvent)
  async explainEvent({ workspaceId, eventId }: ExplainEventRequest, context: CallContext) {
    const { id, permission } = await this.rights.toRead(context, workspaceId);
    demandSome(await this.rights.toReadRuns(context, workspaceId));
    const { event, runs, decisions, version } = await this.explain.run(context, id, eventId, new Readable(permission));
    return { event: eventToMessage(event), runs: runs.map(runMessage), decisions: decisions.map(decisionMessage), version };
  }
}

function nodeMessage({ time, cause = '', ...node }: Node) {
  return { ...node, cause, time: timestampFromMs(time) };
}

function decisionMessage({ automation, outcome, pattern, filter, part }: MatchDecision) {
  return { automation, outcome, pattern, filter, part };
}

function runMessage({ id, automation, state, startedAt, endedAt }: ToldRun) {
  return {
    ...{ id, automation, state },
    ...(startedAt === undefined ? {} : { startedAt: timestampFromMs(startedAt) }),
    ...(endedAt === undefined ? {} : { endedAt: timestampFromMs(endedAt) }),
  };
}
