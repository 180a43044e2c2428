import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { LogService, type SearchPlatformRequest } from '@millrace/contracts';
import { Clock } from '@millrace/kernel';
import { eventToMessage, Rpc, type CallContext } from '@millrace/messaging';
import { Controller, Inject } from '@nestjs/common';
import { DescribeLog, type DescribedDurable, type DescribedLog } from '../../application/log/describe-log';
import { RebuildHistory } from '../../application/log/rebuild-history';
import type { Rebuild } from '../../application/ports/rebuilds';
import { EventRights } from '../../application/reading/event-rights';
import { Readable } from '../../application/reading/readable';
import { SearchWidely } from '../../application/search-widely';
import { momentOf } from './moment';

const { method } = LogService;
const DEFAULT_LIMIT = 50;

/** The log and the history of the platform, for those who run it. */
@Controller()
export class LogRpc {
  constructor(
    @Inject(EventRights) private readonly rights: EventRights,
    @Inject(DescribeLog) private readonly describe: DescribeLog,
    @Inject(RebuildHistory) private readonly rebuild: RebuildHistory,
    @Inject(SearchWidely) private readonly history: SearchWidely,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  @Rpc(method.searchPlatform)
  async searchPlatform(request: SearchPlatformRequest, context: CallContext) {
    const permission = this.rights.toReadWidely(context, this.clock.now());
    const { workspaces, types, where, text, cursor, limit, from, to } = request;
    const { items, nextCursor = '' } = await this.history.run(context, {
      ...{ workspaces, types, where, text, cursor, readable: new Readable(permission) },
      limit: limit === 0 ? DEFAULT_LIMIT : limit,
      sort: request.sort === 'oldest' ? 'oldest' : 'newest',
      ...momentOf('from', from),
      ...momentOf('to', to),
    });
    return { items: items.map(eventToMessage), nextCursor };
  }

  @Rpc(method.getLog)
  async getLog(_: object, context: CallContext) {
    this.rights.toLog(context, this.clock.now(), 'read');
    return { log: logMessage(await this.describe.run()) };
  }

  @Rpc(method.rebuildHistory)
  async rebuildHistory(_: object, context: CallContext) {
    this.rights.toLog(context, this.clock.now(), 'manage');
    return { rebuild: rebuildMessage(await this.rebuild.begin(context)) };
  }

  @Rpc(method.getRebuild)
  async getRebuild(_: object, context: CallContext) {
    this.rights.toLog(context, this.clock.now(), 'read');
    return { rebuild: rebuildMessage(await this.rebuild.show()) };
  }
}

function logMessage({ epoch, first, last, bytes, capacity, firstRecordedAt, days, durables }: DescribedLog) {
  return {
    ...{ epoch, firstOffset: first, lastOffset: last, bytes: BigInt(bytes), capacity: BigInt(capacity), days },
    ...(firstRecordedAt === undefined ? {} : { firstRecordedAt: timestampFromMs(firstRecordedAt) }),
    durables: durables.map(durableMessage),
  };
}

function durableMessage({ lag, oldestUndoneAt, ...durable }: DescribedDurable) {
  return {
    ...{ ...durable, lag: BigInt(lag) },
    ...(oldestUndoneAt === undefined ? {} : { oldestUndoneAt: timestampFromMs(oldestUndoneAt) }),
  };
}

function rebuildMessage({ id, startedAt, finishedAt, next, last, events, skipped, refused }: Rebuild) {
  return {
    ...{ id, state: finishedAt === undefined ? 'running' : 'finished', startedAt: timestampFromMs(startedAt) },
    ...(finishedAt === undefined ? {} : { finishedAt: timestampFromMs(finishedAt) }),
    ...{ lastOffset: last, offset: next - 1n },
    ...{ events: BigInt(events), skipped: BigInt(skipped), refused: BigInt(refused) },
  };
}
