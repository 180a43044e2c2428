import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { estypes } from '@elastic/elasticsearch';
import { parseFilter } from '@millrace/language';
import { logged, WORKSPACE } from '../contract/events';
import { historyContract } from '../history.contract';
import { ElasticsearchHistory } from './elasticsearch-history';
import { Layout } from './layout';
import { testIndices, type TestIndices } from './test-indices.contract';

const WEEK = 7 * 86_400_000;

historyContract('ElasticsearchHistory', async () => {
  const indices = testIndices();
  return { open: () => ElasticsearchHistory.open(indices), remove: indices.remove };
});

describe('ElasticsearchHistory', () => {
  let indices: TestIndices;
  let open: ElasticsearchHistory[];

  beforeEach(() => {
    indices = testIndices();
    open = [];
  });

  afterEach(async () => {
    await Promise.all(open.map((history) => history.close()));
    await indices.remove();
  });

  const opened = async (): Promise<ElasticsearchHistory> => {
    const history = await ElasticsearchHistory.open(indices);
    open.push(history);
    return history;
  };
  const ids = async (history: ElasticsearchHistory, where?: string) => {
    const filter = where === undefined ? {} : { where: parseFilter(where) };
    const { items } = await history.search({ workspaceId: WORKSPACE, sort: 'oldest', limit: 200, ...filter });
    return items.map(({ id }) => id);
  };
  /** Makes the index of the suite's events before the history does, with a mapping of its own. */
  const indexWith = async (properties: Record<string, estypes.MappingProperty>): Promise<void> => {
    const index = new Layout(indices.prefix).indexOf(1_000_000);
    await indices.store.ask((client) => client.indices.create({ index, mappings: { properties } }));
  };

  it('finds at once what another process has stored', async () => {
    const [one, other] = [await opened(), await opened()];
    for (let n = 1; n <= 20; n += 1) {
      await one.append([logged(n, { n })]);
      expect(await ids(other, `payload.n = ${n}`)).toEqual([`evt_${n}`]);
    }
  });

  it('keeps an event once when two processes store it at the same time', async () => {
    const histories = [await opened(), await opened()];
    const events = Array.from({ length: 100 }, (_, i) => logged(i));
    const results = await Promise.all([...histories, ...histories].map((history) => history.append(events)));
    expect(results.flat().every(({ kind }) => kind === 'stored')).toBe(true);
    expect(await ids(await opened())).toEqual(events.map(({ id }) => id));
  });

  it('puts the events of many weeks in order, each week into its own index, and drops them over all', async () => {
    const history = await opened();
    await history.append([3, 1, 2, 0].map((n) => logged(n, { n }, { time: n * WEEK })));
    expect(await ids(history)).toEqual(['evt_0', 'evt_1', 'evt_2', 'evt_3']);
    const names = Object.keys(await indices.store.ask((client) => client.indices.get({ index: `${indices.prefix}-*` })));
    expect(names.map((name) => name.slice(-10)).sort()).toEqual(['1969-12-29', '1970-01-05', '1970-01-12', '1970-01-19']);
    expect(await history.drop(WORKSPACE, 1_000_002)).toBe(2);
    expect(await ids(history)).toEqual(['evt_2', 'evt_3']);
  });

  it('drops more than the store is asked for at once', async () => {
    const history = await opened();
    await history.append(Array.from({ length: 2_500 }, (_, i) => logged(i)));
    expect(await history.drop(WORKSPACE, 1_002_400)).toBe(2_400);
    expect(await ids(history)).toHaveLength(100);
  });

  it('says busy of each event while the store takes none, and stores it later', async () => {
    const history = await opened();
    await history.append([logged(1)]);
    const index = new Layout(indices.prefix).indexOf(1_000_000);
    const block = (settings: object) => indices.store.ask((client) => client.indices.putSettings({ index, settings }));
    // As the server does by itself when its disk is nearly full.
    await block({ 'index.blocks.read_only_allow_delete': true });
    const weekLater = logged(3, {}, { time: 1_000_000 + WEEK });
    const results = await history.append([logged(2), weekLater]);
    expect(results).toEqual([{ kind: 'busy', reason: expect.stringContaining('read-only') }, { kind: 'stored' }]);
    await block({ 'index.blocks.read_only_allow_delete': null });
    expect(await history.append([logged(2), weekLater])).toEqual([{ kind: 'stored' }, { kind: 'stored' }]);
    expect(await ids(history)).toEqual(['evt_1', 'evt_2', 'evt_3']);
  });

  it('keeps an event without its marks when the store does not take them, and finds it all the same', async () => {
    const history = await opened();
    await indexWith({ paths: { type: 'boolean' } });
    expect(await history.append([logged(1, { n: 1 }), logged(2, { n: 2 })])).toEqual([{ kind: 'stored' }, { kind: 'stored' }]);
    const found = await history.search({
      ...{ workspaceId: WORKSPACE, where: parseFilter('not payload.n < 2'), sort: 'oldest', limit: 5 },
    });
    expect(found.items.map(({ id }) => id)).toEqual(['evt_2']);
  });

  it('refuses an event that the store does not take, with its reason', async () => {
    const history = await opened();
    await indexWith({ type: { type: 'long' } });
    const later = logged(2, {}, { time: 1_000_000 + WEEK });
    expect(await history.append([logged(1), later])).toEqual([
      { kind: 'refused', reason: expect.stringContaining('[type]') },
      { kind: 'stored' },
    ]);
  });

  it('does not open on indices or a template that are made otherwise, and says what differs', async () => {
    await (await opened()).append([logged(1)]);
    await indices.store.ask((client) =>
      client.indices.putSettings({ index: `${indices.prefix}-*`, settings: { 'index.translog.durability': 'async' } }),
    );
    const refusal = { code: 'history.layout_differs', refusal: 'conflict', facts: { where: 'settings.index.translog.durability' } };
    await expect(opened()).rejects.toMatchObject(refusal);
    await indices.store.ask((client) =>
      client.indices.putIndexTemplate({ name: indices.prefix, index_patterns: [`${indices.prefix}-*`], template: {} }),
    );
    await expect(opened()).rejects.toThrow(`The template ${indices.prefix} in Elasticsearch`);
  });

  it('goes through a field with more values than the store counts at once', async () => {
    const history = await opened();
    for (let n = 0; n < 12_000; n += 2_000) {
      await history.append(Array.from({ length: 2_000 }, (_, i) => logged(n + i, { order: `o-${n + i}` })));
    }
    await history.append([logged(12_000, { order: 'o-7' })]);
    const [most, next] = await history.aggregate({ workspaceId: WORKSPACE, by: { field: 'payload.order', limit: 2 } });
    expect([most, next]).toEqual([
      { value: 'o-7', count: 2 },
      { value: 'o-0', count: 1 },
    ]);
  });
});

describe('ElasticsearchHistory, where no Elasticsearch answers', () => {
  const answering = async (answer: RequestListener, test: (url: string) => Promise<void>): Promise<void> => {
    const server = createServer(answer);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      await test(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  };

  it('does not open at an address that nobody listens on', async () => {
    const opening = ElasticsearchHistory.open({ url: 'http://user:secret@127.0.0.1:9' });
    await expect(opening).rejects.toMatchObject({ code: 'history.store_unavailable', facts: { host: '127.0.0.1:9' } });
    await expect(opening).rejects.toThrow(/^(?!.*secret)/);
  });

  it('waits no longer than it was told', async () => {
    await answering(
      () => undefined,
      async (url) => {
        await expect(ElasticsearchHistory.open({ url, timeout: 100 })).rejects.toMatchObject({ code: 'history.store_unavailable' });
      },
    );
  });

  it('does not open on another product', async () => {
    await answering(
      (_, response) => response.setHeader('content-type', 'application/json').end('{}'),
      async (url) => {
        await expect(ElasticsearchHistory.open({ url })).rejects.toMatchObject({ code: 'history.store_not_supported' });
      },
    );
  });
});
