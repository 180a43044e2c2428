import type { ServiceParts } from '@millrace/service';
import type { Provider, Type } from '@nestjs/common';
import { AggregateEvents } from './application/counting/aggregate-events';
import { GetUsage } from './application/counting/get-usage';
import type { Measures } from './application/measures';
import { HistoryRpc } from './interface/rpc/history.rpc';

/** Milliseconds that counting may take. */
const PATIENCE = 2_000;

/** What tells of many events at once. */
export interface OpenHistory {
  readonly controllers: readonly Type[];
  readonly providers: readonly Provider[];
}

/** Wires what answers from the history beyond searches. */
export function openHistory({ platform: { history } }: ServiceParts, measures: Measures): OpenHistory {
  const counting = { history, measures, patience: () => AbortSignal.timeout(PATIENCE) };
  return {
    controllers: [HistoryRpc],
    providers: [
      { provide: AggregateEvents, useValue: new AggregateEvents(counting) },
      { provide: GetUsage, useValue: new GetUsage(counting) },
    ],
  };
}
