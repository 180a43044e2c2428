import { describe, expect, it } from '@jest/globals';
import type { AggregateBucket, HistoryPage, HistoryQuery, ItemResult } from '@millrace/history';
import { History } from '@millrace/history';
import type { Principal } from '@millrace/kernel';
import type { LoggedEvent } from '@millrace/messaging';
import { Metrics } from '@millrace/observability';
import { permitted } from '../../testing/permitted';
import { Measures } from './measures';
import { Readable } from './reading/readable';
import { SearchHistory, type Search } from './search-history';

const known: LoggedEvent = {
  ...{ id: 'a', workspaceId: 'ws_1', type: 'orders.paid', time: 1, payload: new Uint8Array(), correlationId: 'req_1' },
  ...{ actor: { kind: 'user', id: 'ada' }, source: {}, position: { epoch: 'e', offset: 7n }, recordedAt: 5 },
};

/** Remembers what it was asked; always has one more page. */
class AskedHistory extends History {
  readonly queries: HistoryQuery[] = [];
  override async search(query: HistoryQuery): Promise<HistoryPage> {
    this.queries.push(query);
    return query.after === undefined ? { items: [known], next: { recordedAt: 5, offset: 7n } } : { items: [] };
  }
  override async get(_workspaceId: string, id: string): Promise<LoggedEvent | undefined> {
    return id === known.id ? known : undefined;
  }
  override searchWidely = async (): Promise<HistoryPage> => ({ items: [] });
  override append = async (): Promise<readonly ItemResult[]> => [];
  /** How many there are of each of two types. */
  counts = 0;
  override aggregate = async (): Promise<readonly AggregateBucket[]> => ['a', 'b'].map((value) => ({ value, count: this.counts }));
  override workspaces = async (): Promise<readonly string[]> => [];
  override drop = async (): Promise<number> => 0;
  override remove = async (): Promise<number> => 0;
  override close = async (): Promise<void> => undefined;
}

const ada: Principal = { kind: 'user', id: 'ada', roles: [] };
const readable = new Readable(permitted(ada, 'read'));
const search: Search = { workspaceId: 'ws_1', types: [], where: '', text: '', sort: 'newest', limit: 50, cursor: '', readable };

function desk() {
  const history = new AskedHistory();
  const use = new SearchHistory({ history, measures: new Measures(new Metrics('events')) });
  return { history, use };
}

describe('searching the history', () => {
  it('takes the short form beside the long one: both must fit, and the words of both', async () => {
    const { use, history } = desk();
    const short = { op: '=', field: 'payload.state', value: 'ok' };
    const long = { op: '=', field: 'payload.total', value: 5 };
    await use.search({ ...search, q: 'state:ok refused' });
    await use.search({ ...search, q: 'state:ok', where: 'payload.total = 5', text: 'card' });
    await use.search({ ...search, q: 'refused', where: 'payload.total = 5', text: 'card' });
    expect(history.queries.map(({ where, text }) => ({ where, text }))).toEqual([
      { where: short, text: 'refused' },
      { where: { op: 'and', filters: [long, short] }, text: 'card' },
      { where: long, text: 'card refused' },
    ]);
  });

  it('refuses to look for hidden fields by the short form too', async () => {
    const { use } = desk();
    const veiled = new Readable(
      permitted(ada, 'read', [
        { allow: ['manage'], on: ['events'] },
        { deny: ['read'], on: ['events'], fields: ['payload.card'] },
      ]),
    );
    await expect(use.search({ ...search, q: 'card:4111*', readable: veiled })).rejects.toMatchObject({ code: 'events.field_hidden' });
  });

  it('asks for what was asked, and for nothing that was not', async () => {
    const { use, history } = desk();
    await use.search(search);
    await use.search({
      ...search,
      types: ['orders.>'],
      where: 'type = "a"',
      text: 'words',
      from: 1,
      to: 2,
      sort: 'oldest',
      limit: 3,
    });
    expect(history.queries).toEqual([
      { workspaceId: 'ws_1', sort: 'newest', limit: 50 },
      {
        ...{ workspaceId: 'ws_1', sort: 'oldest', limit: 3, types: ['orders.>'], text: 'words', from: 1, to: 2 },
        where: { op: '=', field: 'type', value: 'a' },
      },
    ]);
  });

  it('goes on where a page ended', async () => {
    const { use, history } = desk();
    const { items, nextCursor = '' } = await use.search(search);
    expect(items).toEqual([known]);
    expect(await use.search({ ...search, limit: 10, cursor: nextCursor })).toEqual({ items: [] });
    expect(history.queries[1]).toMatchObject({ after: { recordedAt: 5, offset: 7n }, limit: 10 });
  });

  it('counts what fits when it is asked to, up to ten thousand', async () => {
    const { use, history } = desk();
    history.counts = 5_000;
    expect(await use.search({ ...search, count: true })).toMatchObject({ count: 10_000 });
    history.counts = 5_001;
    expect(await use.search({ ...search, count: true })).toMatchObject({ count: 10_000, countIsLeast: true });
    expect(await use.search(search)).not.toHaveProperty('count');
  });

  it('takes no cursor that is none', async () => {
    const { use } = desk();
    const refusal = expect.objectContaining({ code: 'events.cursor_invalid' });
    await expect(use.search({ ...search, cursor: 'x' })).rejects.toThrow(refusal);
  });

  it('refuses filters and patterns that are none', async () => {
    const { use } = desk();
    const refusal = expect.objectContaining({ code: 'events.filter_invalid' });
    await expect(use.search({ ...search, where: '=' })).rejects.toThrow(refusal);
    await expect(use.search({ ...search, types: ['a..b'] })).rejects.toThrow(refusal);
  });

  it('shows one event, or says that there is none', async () => {
    const { use } = desk();
    expect(await use.get('ws_1', 'a', readable)).toBe(known);
    await expect(use.get('ws_1', 'b', readable)).rejects.toThrow(
      expect.objectContaining({ code: 'events.not_found', refusal: 'not-found' }),
    );
  });
});
