import type { LoggedEvent } from '@millrace/messaging';
import type { HistoryMark } from '../history';
import { eventOf, KEPT, type Kept } from './document/document';
import type { Query } from './query/bounds';
import { search, type Place } from './place';

// What events weigh is not known before: so many of the largest are 128 MiB.
const LARGEST_PAGE = 500;

/** Which events to go through, and in which order. */
export interface Selection {
  readonly query: Query;
  readonly sort: 'newest' | 'oldest';
  readonly after?: HistoryMark;
  /** How many are asked for at first; more and more while the visitor wants more. */
  readonly first: number;
}

/** Shows the visitor events in the order of history until it answers false. */
export async function walk(place: Place, selection: Selection, visit: (event: LoggedEvent) => boolean): Promise<void> {
  const { query, sort } = selection;
  let { after, first: size } = selection;
  for (;;) {
    const events = await page(place, { query, sort, size, ...(after && { after }) });
    for (const event of events) if (!visit(event)) return;
    const last = events.at(-1);
    if (last === undefined || events.length < size) return;
    after = { recordedAt: last.recordedAt, offset: last.position.offset };
    size = Math.min(size * 2, LARGEST_PAGE);
  }
}

type Page = Omit<Selection, 'first'> & { readonly size: number };

async function page(place: Place, { query, sort, after, size }: Page): Promise<readonly LoggedEvent[]> {
  const order = sort === 'newest' ? 'desc' : 'asc';
  const { hits } = await search<Kept>(place, query, {
    sort: [{ recordedAt: order }, { offset: order }],
    ...(after && { search_after: [after.recordedAt, String(after.offset)] }),
    size,
    _source: KEPT,
    track_total_hits: false,
  });
  return hits.hits.flatMap(({ _source }) => (_source === undefined ? [] : [eventOf(_source)]));
}
