import { DomainError } from '@millrace/kernel';
import type { CallContext, EventLog, LoggedEvent } from '@millrace/messaging';
import { writeMark } from '../../domain/history/page-mark';
import type { Deeds } from '../deeds';
import type { EnvelopeJson } from '../ports/envelope-json';
import type { Search, SearchHistory } from '../search-history';
import { horizonOf, wholeUpTo } from './horizon';

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
  readonly deeds: Deeds;
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
   * At least one portion; the last is `complete`. It ends where events of the log are still on their way to the history when it begins, so who
   * goes on behind its cursor misses none of them. However it ends, the log is told how many events went out (`events.exports.finished`).
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
    const { eventLog, history } = this.parts;
    const horizon = await horizonOf(eventLog);
    let { cursor } = request;
    let lines: string[] = [];
    let weight = 0;
    for (let more = true; more;) {
      const { items, nextCursor } = await history.search({ ...request, cursor, sort: 'oldest', limit: PAGE });
      own.begun = true;
      const whole = items.slice(0, wholeUpTo(items, horizon));
      more = whole.length === items.length && nextCursor !== undefined;
      for (const event of whole) {
        const line = this.lineOf(event);
        lines.push(line);
        weight += line.length;
        cursor = writeMark({ recordedAt: event.recordedAt, offset: event.position.offset });
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

  private async tell(context: CallContext, { workspaceId, rows }: Running): Promise<void> {
    const { eventLog, deeds } = this.parts;
    await eventLog.append([deeds.of(context, { workspaceId, type: 'events.exports.finished', payload: { rows } })]);
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
