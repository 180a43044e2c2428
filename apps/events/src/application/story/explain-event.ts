import type { History } from '@millrace/history';
import type { CallContext, LoggedEvent } from '@millrace/messaging';
import type { Decided, MatchDecision, MatchDecisions } from '../ports/match-decisions';
import type { ReadableRuns, ToldRun } from '../ports/readable-runs';
import type { Readable } from '../reading/readable';
import type { SearchHistory } from '../search-history';

const MOST_RUNS = 50;
const FINISHED = 'runtime.runs.finished';

export interface Explained extends Decided {
  readonly event: LoggedEvent;
  /** The runs it started that the caller may read. */
  readonly runs: readonly ToldRun[];
}

export interface ExplainParts {
  readonly search: SearchHistory;
  readonly history: History;
  readonly runs: ReadableRuns;
  readonly decisions: MatchDecisions;
}

/** Explains what came of an event. */
export class ExplainEvent {
  constructor(private readonly parts: ExplainParts) {}

  /**
   * The event, the runs it started, at most 50, and what automations make of it, as the caller may read them. Refuses with
   * `events.not_found`.
   */
  async run(context: CallContext, workspaceId: string, eventId: string, readable: Readable): Promise<Explained> {
    const event = await this.parts.search.get(workspaceId, eventId, readable);
    const [ended, goingOn, decided] = await Promise.all([
      this.ended(context, workspaceId, event),
      this.parts.runs.underWay(context, workspaceId, event.recordedAt),
      this.decided(context, event, readable),
    ]);
    const known = new Set(ended.map(({ id }) => id));
    const others = goingOn.filter(({ id, trigger }) => trigger === eventId && !known.has(id));
    return { event, runs: [...ended, ...others].slice(0, MOST_RUNS), ...decided };
  }

  /** Filters are asked of the event as it is; by which part one failed is not said where that would tell what the caller may not see. */
  private async decided(context: CallContext, shown: LoggedEvent, readable: Readable): Promise<Decided> {
    const { history, decisions } = this.parts;
    const event = (await history.get(shown.workspaceId, shown.id)) ?? shown;
    const decided = await decisions.of(context, event);
    const careful = (decision: MatchDecision): MatchDecision => (readable.mayAsk(decision.fields) ? decision : { ...decision, part: '' });
    return { ...decided, decisions: decided.decisions.map(careful) };
  }

  private async ended(context: CallContext, workspaceId: string, { id, time }: LoggedEvent): Promise<readonly ToldRun[]> {
    const { items } = await this.parts.history.search({
      ...{ workspaceId, types: [FINISHED], from: time, sort: 'oldest', limit: MOST_RUNS },
      where: { op: '=', field: 'payload.trigger.id', value: id },
    });
    const ids = items.map(({ source }) => source.run).filter((run) => run !== undefined);
    return this.parts.runs.among(context, workspaceId, ids);
  }
}
