import { WorkspacePurges, type ServiceParts } from '@millrace/service';
import type { History } from '@millrace/history';
import type { Provider, Type } from '@nestjs/common';
import { setTimeout } from 'node:timers/promises';
import { AggregateEvents } from './application/counting/aggregate-events';
import { GetUsage } from './application/counting/get-usage';
import { Deeds } from './application/deeds';
import { ExportEvents } from './application/exporting/export-events';
import type { Measures } from './application/measures';
import { PurgeWorkspace } from './application/leaving/purge-workspace';
import { ManageRetention } from './application/retention/manage-retention';
import { Purge } from './application/retention/purge';
import { RetainedHistory } from './application/retention/retained-history';
import type { SearchHistory } from './application/search-history';
import { SearchWidely } from './application/search-widely';
import { ExplainEvent } from './application/story/explain-event';
import { GetLineage } from './application/story/get-lineage';
import type { TopicBook } from './application/topics/topic-book';
import { BusMatchDecisions } from './infrastructure/bus-match-decisions';
import { BusReadableRuns } from './infrastructure/bus-readable-runs';
import { KeyValueRetentions } from './infrastructure/key-value-retentions';
import { ProtobufEnvelopeJson } from './infrastructure/protobuf-envelope-json';
import { Purger } from './interface/events/purger';
import { HistoryRpc } from './interface/rpc/history.rpc';
import { RetentionRpc } from './interface/rpc/retention.rpc';
import { StoryRpc } from './interface/rpc/story.rpc';

/** Milliseconds that counting may take. */
const PATIENCE = 2_000;

/** Milliseconds between two removals of what is kept no longer. */
const REST = 20;

/** What tells of many events at once. */
export interface OpenHistory {
  readonly controllers: readonly Type[];
  readonly providers: readonly Provider[];
}

/** The history as it is read: without what is kept no longer. */
export interface KeptHistory {
  readonly history: History;
  readonly retentions: KeyValueRetentions;
}

/** Opens what is known of how long workspaces keep their events. */
export async function keptHistory({ platform, clock }: ServiceParts): Promise<KeptHistory> {
  const retentions = await KeyValueRetentions.open(platform.keyValue);
  return { history: new RetainedHistory(platform.history, retentions, clock), retentions };
}

/** Wires what answers from the history beyond searches. */
export function openHistory(
  parts: ServiceParts,
  measures: Measures,
  { history, retentions }: KeptHistory,
  search: SearchHistory,
  topics: TopicBook,
): OpenHistory {
  const { platform, bus, clock, ids, log } = parts;
  const { eventLog, history: everything } = platform;
  const counting = { history, measures, patience: () => AbortSignal.timeout(PATIENCE) };
  const runs = new BusReadableRuns(bus);
  const deeds = new Deeds(clock, ids);
  const exports = new ExportEvents({ history: search, eventLog, envelopes: new ProtobufEnvelopeJson(), deeds });
  const purge = new Purge({ history: everything, retentions, eventLog, clock, ids, log, rest: () => setTimeout(REST) });
  const purger = new Purger(purge);
  const workspaces = new PurgeWorkspace({ retentions, topics, purge, eventLog, letters: eventLog.dead('history') });
  const changed = (workspaceId: string): void => purger.begin(workspaceId);
  const retention = new ManageRetention({ history: everything, retentions, eventLog, clock, deeds, changed });
  return {
    controllers: [HistoryRpc, StoryRpc, RetentionRpc],
    providers: [
      { provide: SearchWidely, useValue: new SearchWidely({ history, eventLog, deeds, measures }) },
      { provide: AggregateEvents, useValue: new AggregateEvents(counting) },
      { provide: GetUsage, useValue: new GetUsage(counting) },
      { provide: ExportEvents, useValue: exports },
      { provide: GetLineage, useValue: new GetLineage(search, runs) },
      { provide: KeyValueRetentions, useValue: retentions },
      { provide: ManageRetention, useValue: retention },
      { provide: Purger, useValue: purger },
      {
        provide: WorkspacePurges,
        useValue: new WorkspacePurges({ service: 'events', eventLog, clock, ids, purge: (workspaceId) => workspaces.run(workspaceId) }),
      },
      { provide: ExplainEvent, useValue: new ExplainEvent({ search, history, runs, decisions: new BusMatchDecisions(bus) }) },
    ],
  };
}
