import type { History, HistoryMark } from '@millrace/history';
import type { Filter } from '@millrace/language';
import type { EventLog, LoggedEvent } from '@millrace/messaging';
import { recordFilter, type RunFilter } from '../../../domain/inspecting/run-filter';
import { endedView, type RunView } from '../../../domain/inspecting/run-view';
import type { RunRecord } from '../../../domain/records/run-record';
import { idOfEnd } from '../../../domain/run';
import { FINISHED } from '../../execution/journal';

/** Events at the end of the log that history may not have yet. */
const UNSEEN = 2_000n;

/** The log keeps the events of runs that were deleted, without what they said: history may come by one of them. */
const IS_KEPT: Filter = { op: 'exists', field: 'payload.run' };

const decoder = new TextDecoder();

/** A run that has ended: what is kept of it, and the event that says so. */
export interface EndedRun {
  readonly view: RunView;
  readonly record: RunRecord;
  readonly event: LoggedEvent;
}

export interface EndedRunsParts {
  readonly history: History;
  readonly eventLog: EventLog;
}

/** The records of runs that have ended. Lists know one a moment after it has; asked for by its id, it is found at once. */
export class EndedRuns {
  constructor(private readonly parts: EndedRunsParts) {}

  async find(workspaceId: string, run: string): Promise<EndedRun | undefined> {
    const id = idOfEnd(run);
    const event = (await this.parts.history.get(workspaceId, id)) ?? (await this.latest(workspaceId, id));
    return event === undefined ? undefined : endedRun(event);
  }

  /** Last ended first. */
  async search(
    workspaceId: string,
    filter: RunFilter,
    page: { readonly limit: number; readonly after?: HistoryMark },
  ): Promise<{ readonly items: readonly EndedRun[]; readonly next?: HistoryMark }> {
    const { items, next } = await this.parts.history.search({ ...queryOf(workspaceId, filter), sort: 'newest', ...page });
    return { items: items.flatMap((event) => endedRun(event) ?? []), ...(next === undefined ? {} : { next }) };
  }

  /** How many fit. */
  async count(workspaceId: string, filter: RunFilter): Promise<number> {
    const [all] = await this.parts.history.aggregate({ ...queryOf(workspaceId, filter), by: { field: 'type', limit: 1 } });
    return all?.count ?? 0;
  }

  private async latest(workspaceId: string, id: string): Promise<LoggedEvent | undefined> {
    const { eventLog } = this.parts;
    const { epoch, first, last } = await eventLog.range();
    const offset = last - UNSEEN > first ? last - UNSEEN : first;
    for await (const event of eventLog.read({ epoch, offset }, `${workspaceId}.${FINISHED}`, { live: false })) {
      if (event.id === id) return event;
    }
    return undefined;
  }
}

/** A run does not end before it starts, and only the time of its end is indexed. */
function queryOf(workspaceId: string, filter: RunFilter) {
  const wanted = recordFilter(filter);
  const where: Filter = wanted === undefined ? IS_KEPT : { op: 'and', filters: [IS_KEPT, wanted] };
  const from = filter.from === undefined ? {} : { from: filter.from };
  return { workspaceId, types: [FINISHED], where, ...from };
}

/** Undefined: the run was deleted, and its event is empty. */
function endedRun(event: LoggedEvent): EndedRun | undefined {
  const record = JSON.parse(decoder.decode(event.payload)) as Partial<RunRecord>;
  return isKept(record) ? { event, record, view: endedView(record, event.correlationId) } : undefined;
}

function isKept(record: Partial<RunRecord>): record is RunRecord {
  return record.run !== undefined;
}
