import { DomainError, type Clock, type Ids } from '@millrace/kernel';
import type { CallContext, EventLog, LoggedEvent } from '@millrace/messaging';
import { actorOf } from '../actor-of';
import type { EnvelopeJson } from '../ports/envelope-json';
import type { Search, SearchHistory } from '../search-history';

const PAGE = 200;
/** Bytes of lines that travel together, about. */
const PORTION = 256 * 1024;
const MOST_AT_ONCE = 2;

export type Export = Omit<Search, 'sort' | 'limit'>;

/** Some events, each as a line of JSON, and how to go on behind them. */
export interface Portion {
  readonly lines: Uint8Array;
  readonly nextCursor: string;
  /** There are no more for now. */
  readonly complete: boolean;
}

export interface ExportParts {
  readonly history: Pick<SearchHistory, 'search'>;
  readonly eventLog: EventLog;
  readonly envelopes: EnvelopeJson;
  readonly clock: Clock;
  readonly ids: Ids;
}

/** An export under way. */
interface Running {
  readonly workspaceId: string;
  /** How many events went out. */
  rows: number;
  /** Something was read for it. */
  begun: boolean;
}

/** Gives out the events of a workspace, oldest first, as far as the caller may read and export them. */
export class ExportEvents {
  private readonly running = new Set<Running>();

  constructor(private readonly parts: ExportParts) {}

  /**
   * At least one portion; the last is `complete`. However it ends, the log is told how many events went out (`events.exports.finished`).
   * Refuses as a search does, and a third export of one workspace at once here with `events.exports_running`.
   */
  async *run(context: CallContext, request: Export): AsyncGenerator<Portion, void, undefined> {
    const { workspaceId } = request;
    const others = [...this.running].filter((each) => each.workspaceId === workspaceId);
    if (others.length >= MOST_AT_ONCE) throw exportsRunning();
    const own = { workspaceId, rows: 0, begun: false };
    this.running.add(own);
    try {
      yield* this.portions(request, own);
    } finally {
      this.running.delete(own);
      if (own.begun) await this.tell(context, own);
    }
  }

  private async *portions(request: Export, own: Running): AsyncGenerator<Portion, void, undefined> {
    let { cursor } = request;
    let lines: string[] = [];
    let weight = 0;
    for (let more = true; more;) {
      const {
        items,
        endCursor = cursor,
        nextCursor,
      } = await this.parts.history.search({ ...request, cursor, sort: 'oldest', limit: PAGE });
      own.begun = true;
      more = nextCursor !== undefined;
      cursor = endCursor;
      for (const event of items) {
        const line = this.lineOf(event);
        lines.push(line);
        weight += line.length;
      }
      if (more && weight < PORTION) continue;
      own.rows += lines.length;
      yield { lines: new TextEncoder().encode(lines.join('')), nextCursor: cursor, complete: !more };
      [lines, weight] = [[], 0];
    }
  }

  private lineOf(event: LoggedEvent): string {
    const payload = new TextDecoder().decode(event.payload) || '{}';
    // What stands on more than one line in a payload is made to stand on one: outside of texts, line feeds mean nothing, and inside there are none.
    return `${this.parts.envelopes.write(event).slice(0, -1)},"payload":${payload.replaceAll(/[\r\n]/g, ' ')}}\n`;
  }

  private async tell({ principal, correlationId }: CallContext, { workspaceId, rows }: Running): Promise<void> {
    const { clock, ids, eventLog } = this.parts;
    await eventLog.append([
      {
        ...{
          id: ids.mint('evt'),
          workspaceId,
          type: 'events.exports.finished',
          time: clock.now(),
          correlationId,
          causationId: correlationId,
        },
        actor: actorOf(principal),
        source: { service: 'events' },
        payload: new TextEncoder().encode(JSON.stringify({ rows })),
      },
    ]);
  }
}

function exportsRunning(): DomainError {
  return new DomainError(
    'events.exports_running',
    'exhausted',
    `Two exports of this workspace are under way. Wait until one of them has ended, or ask for both in one.`,
    { facts: { limit: MOST_AT_ONCE, retryAfter: 10 } },
  );
}
