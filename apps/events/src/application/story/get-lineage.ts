import type { Permission } from '@millrace/auth';
import type { CallContext, LoggedEvent } from '@millrace/messaging';
import type { ReadableRuns } from '../ports/readable-runs';
import type { Readable } from '../reading/readable';
import type { SearchHistory } from '../search-history';

const MOST_NODES = 1_000;
const PAGE = 200;
/** Runs that are asked for one by one, where rules tell one from another. */
const MOST_ASKED = 50;

/** An event or a run in a story. */
export interface Node {
  readonly id: string;
  readonly kind: 'event' | 'run';
  /** The type of the event, the automation of the run. */
  readonly name: string;
  readonly time: number;
  /** What led to it. */
  readonly cause?: string;
}

export interface Lineage {
  readonly nodes: readonly Node[];
  /** There is more. */
  readonly truncated: boolean;
}

export interface LineageQuestion {
  readonly workspaceId: string;
  readonly eventId: string;
  readonly readable: Readable;
  /** Which runs the caller may read. */
  readonly runs: Permission;
}

/** Tells the story that an event belongs to: all that has its correlation, and what led to what. */
export class GetLineage {
  constructor(
    private readonly history: SearchHistory,
    private readonly runs: ReadableRuns,
  ) {}

  /** In the order of the log, at most 1,000 events and runs. Refuses with `events.not_found`. */
  async run(context: CallContext, { workspaceId, eventId, readable, runs }: LineageQuestion): Promise<Lineage> {
    const { correlationId } = await this.history.get(workspaceId, eventId, readable);
    const { events, truncated } = await this.story(workspaceId, correlationId, readable);
    const shown = await this.shownRuns(context, workspaceId, runs, events);
    const nodes = nodesOf(events, shown);
    return { nodes: nodes.slice(0, MOST_NODES), truncated: truncated || nodes.length > MOST_NODES };
  }

  private async story(workspaceId: string, correlationId: string, readable: Readable) {
    const where = `correlationId = '${correlationId.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
    const events: LoggedEvent[] = [];
    let cursor: string | undefined = '';
    while (cursor !== undefined && events.length < MOST_NODES) {
      const asked = { workspaceId, types: [], where, text: '', sort: 'oldest', limit: PAGE, cursor, readable } as const;
      const page: Awaited<ReturnType<SearchHistory['search']>> = await this.history.search(asked);
      events.push(...page.items);
      cursor = page.nextCursor;
    }
    return { events, truncated: cursor !== undefined };
  }

  /** The runs of these events that the caller may read. */
  private async shownRuns(context: CallContext, workspaceId: string, { query }: Permission, events: readonly LoggedEvent[]) {
    const ids = [...new Set(events.map(({ source }) => source.run).filter((run) => run !== undefined))];
    if (typeof query === 'boolean') return new Set(query ? ids : []);
    const readable = await this.runs.among(context, workspaceId, ids.slice(0, MOST_ASKED));
    return new Set(readable.map(({ id }) => id));
  }
}

/** What the event is told by stands before it. An event of a run was caused by it, the run by what started it. */
function nodesOf(events: readonly LoggedEvent[], runs: ReadonlySet<string>): readonly Node[] {
  const told = new Set<string>();
  return events.flatMap(({ id, type, time, causationId, source: { run, automation = '' } }): readonly Node[] => {
    const cause = causationId === undefined ? {} : { cause: causationId };
    if (run === undefined || !runs.has(run)) return [{ id, kind: 'event', name: type, time, ...cause }];
    const event: Node = { id, kind: 'event', name: type, time, cause: run };
    if (told.has(run)) return [event];
    told.add(run);
    return [{ id: run, kind: 'run', name: automation, time, ...cause }, event];
  });
}
