import type { WorkspaceRights } from '@millrace/auth';
import type { HistoryMark } from '@millrace/history';
import type { Json, JsonMap, Page } from '@millrace/kernel';
import type { CallContext } from '@millrace/messaging';
import { fitting, wantedOf, type RunFilter } from '../../../domain/inspecting/run-filter';
import { liveView, type RunView } from '../../../domain/inspecting/run-view';
import { historyJson, historyMark, readCursor, timeKey, writeCursor, type PageRequest } from '../cursors';
import { Foremost } from '../foremost';
import type { EndedRuns } from './ended-runs';
import type { LiveRuns } from './live-runs';
import { amongPermitted } from './permitted-runs';

export type { RunFilter } from '../../../domain/inspecting/run-filter';
export { runWhere } from '../../../domain/inspecting/run-where';
export type { RunView } from '../../../domain/inspecting/run-view';

export interface ListRunsParts {
  readonly live: LiveRuns;
  readonly ended: EndedRuns;
  readonly rights: WorkspaceRights;
}

/** Where a page ended: behind a run that goes on, or behind one that has ended (absent: before all of them). */
type Mark = { readonly live: string } | { readonly ended?: HistoryMark };

interface Found extends Page<RunView> {
  readonly mark?: Mark;
}

/** Lists the runs of a workspace: those that go on, newest first, then those that have ended, last ended first. */
export class ListRuns {
  constructor(private readonly parts: ListRunsParts) {}

  async run(context: CallContext, workspace: string, asked: RunFilter, { limit, cursor }: PageRequest): Promise<Page<RunView>> {
    const { rights } = this.parts;
    const { id, permission } = await rights.permit(context, workspace, 'read', 'runs');
    const filter = amongPermitted(asked, permission);
    const after = markOf(readCursor(cursor));
    const wanted = wantedOf(filter);
    const first = wanted.live && (after === undefined || 'live' in after) ? await this.goingOn(id, filter, limit, after) : { items: [] };
    const found = first.mark === undefined && wanted.ended ? await this.withEnded(id, filter, limit, { first: first.items, after }) : first;
    const { items, mark } = found;
    return { items, ...(mark === undefined ? {} : { nextCursor: writeCursor(jsonOf(mark)) }) };
  }

  private async goingOn(workspaceId: string, filter: RunFilter, limit: number, after: Mark | undefined): Promise<Found> {
    const from = after !== undefined && 'live' in after ? after.live : undefined;
    const newest = new Foremost<RunView>(limit + 1, 'descending');
    for await (const live of this.parts.live.each(workspaceId, fitting(filter))) {
      const key = timeKey(live.run.startedAt, live.run.id);
      if (from === undefined || key < from) newest.take(key, liveView(live));
    }
    const runs = newest.all();
    const shown = runs.slice(0, limit);
    const last = shown.at(-1)?.[0];
    return { items: shown.map(([, view]) => view), ...(last !== undefined && runs.length > limit ? { mark: { live: last } } : {}) };
  }

  /** Fills the page up with runs that have ended. One that did so just now is not shown as going on, too. */
  private async withEnded(
    workspaceId: string,
    filter: RunFilter,
    limit: number,
    { first, after }: { readonly first: readonly RunView[]; readonly after: Mark | undefined },
  ): Promise<Found> {
    const left = limit - first.length;
    if (left === 0) return { items: first, mark: {} };
    const behind = after !== undefined && 'ended' in after ? after.ended : undefined;
    const { items, next } = await this.parts.ended.search(workspaceId, filter, {
      limit: left,
      ...(behind === undefined ? {} : { after: behind }),
    });
    const ended = new Set(items.map(({ view }) => view.id));
    const views = items.map(({ view: { output: _, ...view } }) => view);
    const goesOn = first.filter(({ id }) => !ended.has(id));
    return { items: [...goesOn, ...views], ...(next === undefined ? {} : { mark: { ended: next } }) };
  }
}

function jsonOf(mark: Mark): Json {
  if ('live' in mark) return { live: mark.live };
  return mark.ended === undefined ? {} : historyJson(mark.ended);
}

function markOf(json: Json | undefined): Mark | undefined {
  if (json === undefined) return undefined;
  const { live } = json as JsonMap;
  if (typeof live === 'string') return { live };
  const ended = historyMark(json);
  return ended === undefined ? {} : { ended };
}
