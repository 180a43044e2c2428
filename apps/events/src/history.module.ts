import type { ServiceParts } from '@millrace/service';
import type { Provider, Type } from '@nestjs/common';
import { AggregateEvents } from './application/counting/aggregate-events';
import { GetUsage } from './application/counting/get-usage';
import { ExportEvents } from './application/exporting/export-events';
import type { Measures } from './application/measures';
import type { SearchHistory } from './application/search-history';
import { ExplainEvent } from './application/story/explain-event';
import { GetLineage } from './application/story/get-lineage';
import { BusReadableRuns } from './infrastructure/bus-readable-runs';
import { ProtobufEnvelopeJson } from './infrastructure/protobuf-envelope-json';
import { HistoryRpc } from './interface/rpc/history.rpc';
import { StoryRpc } from './interface/rpc/story.rpc';

/** Milliseconds that counting may take. */
const PATIENCE = 2_000;

/** What tells of many events at once. */
export interface OpenHistory {
  readonly controllers: readonly Type[];
  readonly providers: readonly Provider[];
}

/** Wires what answers from the history beyond searches. */
export function openHistory(parts: ServiceParts, measures: Measures, search: SearchHistory): OpenHistory {
  const { platform, bus, clock, ids } = parts;
  const { history, eventLog } = platform;
  const counting = { history, measures, patience: () => AbortSignal.timeout(PATIENCE) };
  const runs = new BusReadableRuns(bus);
  const exports = new ExportEvents({ history: search, eventLog, envelopes: new ProtobufEnvelopeJson(), clock, ids });
  return {
    controllers: [HistoryRpc, StoryRpc],
    providers: [
      { provide: AggregateEvents, useValue: new AggregateEvents(counting) },
      { provide: GetUsage, useValue: new GetUsage(counting) },
      { provide: ExportEvents, useValue: exports },
      { provide: GetLineage, useValue: new GetLineage(search, runs) },
      { provide: ExplainEvent, useValue: new ExplainEvent({ search, history, runs }) },
    ],
  };
}
