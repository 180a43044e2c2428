import { timestampFromMs, timestampMs } from '@bufbuild/protobuf/wkt';
import {
  HistoryService,
  type AggregateEventsRequest,
  type EventGroup,
  type ExportEventsRequest,
  type GetUsageRequest,
} from '@millrace/contracts';
import { DomainError } from '@millrace/kernel';
import { Rpc, type CallContext } from '@millrace/messaging';
import { Controller, Inject } from '@nestjs/common';
import { AggregateEvents } from '../../application/counting/aggregate-events';
import { GetUsage } from '../../application/counting/get-usage';
import { isOperation, spansOf, type Level, type Row } from '../../application/counting/question';
import { ExportEvents } from '../../application/exporting/export-events';
import { EventRights } from '../../application/reading/event-rights';
import { momentOf } from './moment';

const { method } = HistoryService;
const DEFAULT_LIMIT = 50;

/** What the history tells of many events at once. */
@Controller()
export class HistoryRpc {
  constructor(
    @Inject(EventRights) private readonly rights: EventRights,
    @Inject(AggregateEvents) private readonly aggregate: AggregateEvents,
    @Inject(GetUsage) private readonly usage: GetUsage,
    @Inject(ExportEvents) private readonly exports: ExportEvents,
  ) {}

  @Rpc(method.aggregateEvents)
  async aggregateEvents(request: AggregateEventsRequest, context: CallContext) {
    const { id: workspaceId, readable } = await this.rights.toReadFor(context, request.workspaceId, 'aggregate');
    const { types, where, from, to, group, measure } = request;
    const levels = group.map(levelOf);
    const { count, rows } = await this.aggregate.run({
      ...{ workspaceId, types, where, readable, levels },
      measures: measure.flatMap(({ op, of }) => (isOperation(op) ? [{ op, of }] : [])),
      ...momentOf('from', from),
      ...momentOf('to', to),
    });
    return { count, rows: rows.map((row) => rowMessage(row, levels)) };
  }

  @Rpc(method.getUsage)
  async getUsage({ workspaceId, every, zone, app, from, to }: GetUsageRequest, context: CallContext) {
    const { id, readable } = await this.rights.toReadFor(context, workspaceId, 'aggregate');
    const items = await this.usage.run({
      ...{ workspaceId: id, readable, spans: spansOf(every === '' ? 'P1D' : every, zone, '/zone') },
      from: from === undefined ? 0 : timestampMs(from),
      ...momentOf('to', to),
      ...(app === '' ? {} : { app }),
    });
    return { items: items.map((usage) => ({ ...usage, from: timestampFromMs(usage.from) })) };
  }

  @Rpc(method.exportEvents)
  async *exportEvents(request: ExportEventsRequest, context: CallContext) {
    const { id: workspaceId, readable } = await this.rights.toReadFor(context, request.workspaceId, 'export');
    const { types, where, text, cursor, from, to } = request;
    yield* this.exports.run(context, {
      ...{ workspaceId, types, where, text, cursor, readable },
      ...momentOf('from', from),
      ...momentOf('to', to),
    });
  }
}

function levelOf({ by, limit, every, zone }: EventGroup, index: number): Level {
  if ((by === '') === (every === '')) throw levelInvalid(index);
  if (by !== '') return { field: by, limit: limit === 0 ? DEFAULT_LIMIT : limit };
  return { spans: spansOf(every, zone, `/group/${index}/zone`) };
}

function rowMessage({ group, count, measures }: Row, levels: readonly Level[]) {
  const values = group.map((value, index) => {
    const level = levels[index];
    return level !== undefined && 'spans' in level ? new Date(Number(value)).toISOString() : value;
  });
  return {
    group: new TextEncoder().encode(JSON.stringify(values)),
    count,
    measures: measures.map(({ value, percentiles = [] }) => ({ ...(value === undefined ? {} : { value }), percentiles: [...percentiles] })),
  };
}

function levelInvalid(index: number): DomainError {
  const detail = 'A level of groups is either by a field ("by") or by spans of time ("every").';
  return new DomainError('events.group_invalid', 'invalid', detail, {
    errors: [{ pointer: `/group/${index}`, code: 'events.group_invalid', detail }],
  });
}
