import type { History, HistoryQuery } from '@millrace/history';
import { DomainError } from '@millrace/kernel';
import type { Filter } from '@millrace/language';
import type { LoggedEvent } from '@millrace/messaging';
import { readMark, writeMark } from '../domain/history/page-mark';
import { checkTypes, readSearch, readWhere } from './filters';
import type { Measures } from './measures';
import type { Readable } from './reading/readable';

/** A question to the history of one workspace. */
export interface Search {
  readonly workspaceId: string;
  readonly types: readonly string[];
  readonly where: string;
  readonly text: string;
  /** The short form of all these, which must fit too. */
  readonly q?: string;
  readonly from?: number;
  readonly to?: number;
  readonly sort: 'newest' | 'oldest';
  readonly limit: number;
  readonly cursor: string;
  /** Whether to say how many there are. */
  readonly count?: boolean;
  /** What the caller may read of it. */
  readonly readable: Readable;
}

export interface Found {
  readonly items: readonly LoggedEvent[];
  /** Leads to the next page; absent on the last. */
  readonly nextCursor?: string;
  /** Leads to what comes behind the last item, now or later; absent when there is none. */
  readonly endCursor?: string;
  /** How many fit in all; more than so many when `countIsLeast`. */
  readonly count?: number;
  readonly countIsLeast?: boolean;
}

/** Beyond so many, events are not counted for a search. */
const COUNTED = 10_000;

export interface SearchParts {
  readonly history: History;
  readonly measures: Measures;
}

/** Answers from what has been indexed, with what the caller may read in the question to the store: nothing tells of the rest. */
export class SearchHistory {
  constructor(private readonly parts: SearchParts) {}

  /** One page, in the order of the log; new events never shift it. Refuses with `events.filter_invalid`, `events.cursor_invalid`. */
  async search(search: Search): Promise<Found> {
    const { history, measures } = this.parts;
    const after = search.cursor === '' ? undefined : readMark(search.cursor);
    const done = measures.querySeconds.startTimer({ kind: 'search' });
    const query = { workspaceId: search.workspaceId, ...queryOf(search) };
    const { items, next } = await history.search({ ...query, ...(after === undefined ? {} : { after }) });
    const counted = search.count === true ? await this.count(query) : {};
    done();
    const last = items.at(-1);
    return {
      items: items.map((event) => search.readable.show(event)),
      ...(next === undefined ? {} : { nextCursor: writeMark(next) }),
      ...(last === undefined ? {} : { endCursor: writeMark({ recordedAt: last.recordedAt, offset: last.position.offset }) }),
      ...counted,
    };
  }

  private async count({ sort: _, limit: __, ...query }: HistoryQuery): Promise<Pick<Found, 'count' | 'countIsLeast'>> {
    const types = await this.parts.history.aggregate({ ...query, by: { field: 'type', limit: Number.MAX_SAFE_INTEGER } });
    const count = types.reduce((sum, each) => sum + each.count, 0);
    return { count: Math.min(count, COUNTED), countIsLeast: count > COUNTED };
  }

  /** One event by its id; `events.not_found` when the history has none that the caller may read. */
  async get(workspaceId: string, id: string, readable: Readable): Promise<LoggedEvent> {
    const done = this.parts.measures.querySeconds.startTimer({ kind: 'get' });
    const event = await this.parts.history.get(workspaceId, id);
    done();
    if (event !== undefined && readable.has(event)) return readable.show(event);
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

/** What is asked of the store, wherever: nothing that the caller may not read, and nothing by which they could guess it. */
export function queryOf(search: Omit<Search, 'workspaceId' | 'cursor'>): Omit<HistoryQuery, 'workspaceId'> {
  const { types, where: asked, text: words, q, from, to, sort, limit, readable } = search;
  checkTypes(types);
  const short = readSearch(q ?? '');
  const wanted = both(asked === '' ? undefined : readWhere(asked), short.where);
  const text = [words, short.text ?? ''].filter((each) => each !== '').join(' ');
  readable.demandOpen(wanted, text);
  const where = readable.among(wanted);
  return {
    ...{ sort, limit },
    ...(types.length === 0 ? {} : { types }),
    ...(where === undefined ? {} : { where }),
    ...(text === '' ? {} : { text }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
  };
}

function both(one: Filter | undefined, other: Filter | undefined): Filter | undefined {
  return one !== undefined && other !== undefined ? { op: 'and', filters: [one, other] } : (one ?? other);
}
