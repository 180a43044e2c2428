import type { DescMethod } from '@bufbuild/protobuf';
import type { AskedPage, Page } from '@millrace/kernel';
import { Arrangement, type Placed } from './arrangement';
import { readMark, writeMark, type Mark } from './mark';
import { Rows } from './rows';

/** What a list was asked: `limit` 0 and texts that are empty leave it as it is. */
export interface ListRequest extends AskedPage {
  readonly where: string;
  readonly sort: string;
}

/** Reads a page of all that the caller may see, in the list's own order. */
export type ReadPage<V> = (page: AskedPage) => Promise<Page<V>>;

/** The answer of a list. */
export interface ListAnswer<T> {
  readonly items: T[];
  /** Empty: that was the last page. */
  readonly nextCursor: string;
}

/** What a page is made of. */
interface Wanted {
  readonly arrangement: Arrangement;
  readonly mark: Mark;
  readonly limit: number;
}

const USUAL_LIMIT = 50;
const LARGEST_LIMIT = 200;
const MOST_READ = 5_000;

/**
 * Answers a list as its callers ask: `where`, `sort`, a page at a time. The fields there are stand in its method, and nowhere else. It works
 * on items that the caller may see, as they are shown: what a page holds, how many there are and where it ends says nothing of others.
 */
export class Listing {
  private readonly rows: Rows;

  /**
   * Throws when what the method declares cannot be done. `in order`: its pages are read in just the order that the method declares, by the
   * key among equals; a filter reads no more of such a list than it must, and after 5,000 items ends a page before it is full. Of another
   * list all is read for each page, so it must have an end.
   */
  constructor(
    method: DescMethod,
    private readonly kept: 'anyhow' | 'in order' = 'anyhow',
  ) {
    this.rows = new Rows(method);
  }

  /**
   * A list that is read by pages; `show` makes an item of what is read. `each` gives all there is in any order: with it a filter or another
   * order goes through the list once, and not once for each page of it. Refuses with `lists.filter_invalid`, `lists.sort_invalid` and
   * `lists.cursor_invalid`.
   */
  async answer<V, T extends object>(
    request: ListRequest,
    read: ReadPage<V>,
    show: (view: V) => T,
    each?: () => AsyncIterable<V>,
  ): Promise<ListAnswer<T>> {
    const { where, sort, cursor } = request;
    const limit = request.limit === 0 ? USUAL_LIMIT : request.limit;
    const showing =
      (reading: ReadPage<V>): ReadPage<T> =>
      async (page) => {
        const { items, ...more } = await reading(page);
        return { items: items.map((view) => show(view)), ...more };
      };
    const shown = showing(read);
    if (where === '' && sort === '') return answerOf(await shown({ limit, cursor }));
    const wanted = { arrangement: new Arrangement(this.rows, request), mark: readMark(cursor), limit };
    const isOwnOrder = this.kept === 'in order' && (sort === '' || sort === this.rows.order);
    if (isOwnOrder) return onwards(shown, wanted);
    return throughout(each === undefined ? shown : showing(inPortions(each())), wanted);
  }

  /** A list that is there as a whole: all of it, unless a limit is asked for. Refuses as `answer` does. */
  among<T extends object>(request: ListRequest, items: readonly T[]): ListAnswer<T> {
    const { where, sort, limit, cursor } = request;
    if (where === '' && sort === '' && cursor === '' && limit === 0) return { items: [...items], nextCursor: '' };
    const arrangement = new Arrangement(this.rows, request);
    const most = limit === 0 ? items.length : limit;
    return pageOf(arrangement.first(arrangement.among(items, readMark(cursor).place), most + 1), most, '');
  }
}

/** Of all there is, the first ones behind the mark; no more of them are held at a time than a page needs. */
async function throughout<T extends object>(read: ReadPage<T>, { arrangement, mark, limit }: Wanted): Promise<ListAnswer<T>> {
  let found: readonly Placed<T>[] = [];
  let cursor = '';
  do {
    const page = await read({ limit: LARGEST_LIMIT, cursor });
    found = arrangement.first([...found, ...arrangement.among(page.items, mark.place)], limit + 1);
    cursor = page.nextCursor ?? '';
  } while (cursor !== '');
  return pageOf(found, limit, '');
}

/** What is there, by and by: a cursor says no more than that there may be more. */
function inPortions<T>(items: AsyncIterable<T>): ReadPage<T> {
  const rest = items[Symbol.asyncIterator]();
  return async ({ limit }) => {
    const portion: T[] = [];
    while (portion.length < limit) {
      const next = await rest.next();
      if (next.done === true) return { items: portion };
      portion.push(next.value);
    }
    return { items: portion, nextCursor: 'more' };
  };
}

/** What comes next in the list's own order. */
async function onwards<T extends object>(read: ReadPage<T>, { arrangement, mark, limit }: Wanted): Promise<ListAnswer<T>> {
  const found: Placed<T>[] = [];
  let seen = 0;
  for (let cursor = mark.from; ;) {
    const { items, nextCursor = '' } = await read({ limit: LARGEST_LIMIT, cursor });
    found.push(...arrangement.among(items, mark.place));
    if (found.length > limit || nextCursor === '') return pageOf(found, limit, cursor);
    seen += items.length;
    cursor = nextCursor;
    if (seen >= MOST_READ) return { items: found.map(({ item }) => item), nextCursor: writeMark({ from: cursor }) };
  }
}

function pageOf<T>(found: readonly Placed<T>[], limit: number, from: string): ListAnswer<T> {
  const shown = found.slice(0, limit);
  const last = shown.at(-1);
  const isMore = found.length > limit && last !== undefined;
  return { items: shown.map(({ item }) => item), nextCursor: isMore ? writeMark({ from, place: last.place }) : '' };
}

function answerOf<T>({ items, nextCursor = '' }: Page<T>): ListAnswer<T> {
  return { items: [...items], nextCursor };
}
