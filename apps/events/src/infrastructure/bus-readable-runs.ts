import type { MessageShape } from '@bufbuild/protobuf';
import { timestampFromMs, timestampMs } from '@bufbuild/protobuf/wkt';
import { RunsService } from '@millrace/contracts';
import { DomainError } from '@millrace/kernel';
import type { Bus, CallContext } from '@millrace/messaging';
import { ReadableRuns, type ToldRun } from '../application/ports/readable-runs';

const { getRun, listRuns } = RunsService.method;
const MOST = 200;
const AT_ONCE = 10;

type Run = NonNullable<MessageShape<typeof getRun.output>['run']>;

/** Runs as the runtime tells of them to the caller. */
export class BusReadableRuns extends ReadableRuns {
  constructor(private readonly bus: Bus) {
    super();
  }

  override async among(context: CallContext, workspaceId: string, ids: readonly string[]): Promise<readonly ToldRun[]> {
    const told: ToldRun[] = [];
    for (let from = 0; from < ids.length; from += AT_ONCE) {
      const some = await Promise.all(ids.slice(from, from + AT_ONCE).map((runId) => this.one(context, workspaceId, runId)));
      told.push(...some.filter((run) => run !== undefined));
    }
    return told;
  }

  override async underWay(context: CallContext, workspaceId: string, from: number): Promise<readonly ToldRun[]> {
    const request = { workspaceId, states: ['running', 'parked'], from: timestampFromMs(from), limit: MOST };
    const { items } = await this.bus.call(listRuns, request, context);
    return items.map(toldRun);
  }

  private async one(context: CallContext, workspaceId: string, runId: string): Promise<ToldRun | undefined> {
    try {
      const { run } = await this.bus.call(getRun, { workspaceId, runId }, context);
      return run && toldRun(run);
    } catch (error) {
      if (error instanceof DomainError && (error.refusal === 'not-found' || error.refusal === 'forbidden')) return undefined;
      throw error;
    }
  }
}

function toldRun({ id, automation, state, trigger, startedAt, endedAt }: Run): ToldRun {
  return {
    ...{ id, automation, state, trigger: trigger?.id ?? '' },
    ...(startedAt === undefined ? {} : { startedAt: timestampMs(startedAt) }),
    ...(endedAt === undefined ? {} : { endedAt: timestampMs(endedAt) }),
  };
}
