import type { History, HistoryQuery } from '@millrace/history';
import { DomainError } from '@millrace/kernel';
import type { LoggedEvent } from '@millrace/messaging';
import { readMark, writeMark } from '../domain/history/page-mark';
import { readWhere, checkTypes } from './filters';
import type { Measures } from './measures';

/** A question to the history of one workspace. */
export interface Search {
  readonly workspaceId: string;
  readonly types: readonly string[];
  readonly where: string;
  readonly text: string;
  readonly from?: number;
  readonly to?: number;
  readonly sort: 'newest' | 'oldest';
  readonly limit: number;
  readonly cursor: string;
}

export interface Found {
  readonly items: readonly LoggedEvent[];
  /** Leads to the next page; absent on the last. */
  readonly nextCursor?: string;
}

export interface SearchParts {
  readonly history: History;
  readonly measures: Measures;
}

/** Answers from what has been indexed. Whether the caller may read is asked before. */
export class SearchHistory {
  constructor(private readonly parts: SearchParts) {}

  /** One page, in the order of the log; new events never shift it. Refuses with `events.filter_invalid`, `events.cursor_invalid`. */
  async search(search: Search): Promise<Found> {
    const { history, measures } = this.parts;
    const after = search.cursor === '' ? undefined : readMark(search.cursor);
    const done = measures.querySeconds.startTimer({ kind: 'search' });
    const { items, next } = await history.search({ ...queryOf(search), ...(after === undefined ? {} : { after }) });
    done();
    return next === undefined ? { items } : { items, nextCursor: writeMark(next) };
  }

  /** One event by its id; `events.not_found` when the history has none. */
  async get(workspaceId: string, id: string): Promise<LoggedEvent> {
    const done = this.parts.measures.querySeconds.startTimer({ kind: 'get' });
    const event = await this.parts.history.get(workspaceId, id);
    done();
    if (event !== undefined) return event;
    throw new DomainError(
      'events.not_found',
      'not-found',
      `The history of this workspace has no event "${id}". A new one can take a moment.`,
      {
        facts: { id },
      },
    );
  }
}

function queryOf({ workspaceId, types, where, text, from, to, sort, limit }: Search): HistoryQuery {
  checkTypes(types);
  return {
    ...{ workspaceId, sort, limit },
    ...(types.length === 0 ? {} : { types }),
    ...(where === '' ? {} : { where: readWhere(where) }),
    ...(text === '' ? {} : { text }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
  };
}
