import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { LoggedEvent } from '@millrace/messaging';
import { PrivateServer } from '@millrace/testing';
import { logged, WORKSPACE } from '../contract/events';
import type { HistoryMark } from '../history';
import { ElasticsearchHistory } from './elasticsearch-history';
import { testIndices, type TestIndices } from './test-indices.contract';

jest.setTimeout(600_000);

const KILLS = 3;
const BULK = 200;
const BULKS_AT_ONCE = 2;

describe('ElasticsearchHistory, whose server is killed in the middle of bulks', () => {
  let server: PrivateServer;
  let indices: TestIndices;
  let history: ElasticsearchHistory;

  beforeEach(async () => {
    server = await PrivateServer.start('elasticsearch');
    indices = testIndices(server.setting('MILLRACE_ELASTICSEARCH_URL'));
    history = await ElasticsearchHistory.open(indices);
  });

  afterEach(async () => {
    await history.close();
    await indices.store.close();
    await server[Symbol.asyncDispose]();
  });

  it('has each event that was answered as stored, once, and meanwhile says that it is away', async () => {
    const stored = new Set<string>();
    let bulks = 0;
    let isOver = false;
    let back = Promise.resolve();
    const writer = async (): Promise<void> => {
      while (!isOver) {
        let left = bulkOf(bulks++);
        while (left.length > 0) {
          const results = await history.append(left);
          left.forEach(({ id }, index) => results[index]?.kind === 'stored' && stored.add(id));
          left = left.filter((_, index) => results[index]?.kind === 'busy');
          await back;
        }
      }
    };
    const writers = Array.from({ length: BULKS_AT_ONCE }, writer);
    for (let kill = 0; kill < KILLS; kill += 1) {
      await underWay(stored);
      const restarted = Promise.withResolvers<void>();
      back = restarted.promise;
      await killServer();
      expect(await history.append([logged(9_000_000)])).toEqual([{ kind: 'busy', reason: expect.stringContaining('does not answer') }]);
      const search = history.search({ workspaceId: WORKSPACE, sort: 'newest', limit: 1 });
      await expect(search).rejects.toMatchObject({ code: 'history.store_unavailable', refusal: 'unavailable' });
      await server.start();
      restarted.resolve();
    }
    await underWay(stored);
    isOver = true;
    await Promise.all(writers);
    const found = await all();
    expect(found).toHaveLength(stored.size);
    expect(new Set(found)).toEqual(stored);
  });

  /** Resolves in the middle of bulks: some more than before are stored, and others on their way. */
  async function underWay(stored: ReadonlySet<string>): Promise<void> {
    const before = stored.size;
    while (stored.size < before + 3 * BULK) await indices.store.ask((client) => client.cluster.health());
  }

  /** The process that answers, at once; and whoever started it. */
  async function killServer(): Promise<void> {
    const { nodes } = await indices.store.ask((client) => client.nodes.info({ metric: 'process' }));
    for (const { process: found } of Object.values(nodes)) if (found !== undefined) process.kill(found.id, 'SIGKILL');
    await server.kill();
  }

  async function all(): Promise<readonly string[]> {
    const ids: string[] = [];
    for (let after: HistoryMark | undefined; ;) {
      const page = await history.search({ workspaceId: WORKSPACE, sort: 'oldest', limit: 200, ...(after && { after }) });
      ids.push(...page.items.map(({ id }) => id));
      after = page.next;
      if (after === undefined) return ids;
    }
  }
});

function bulkOf(index: number): LoggedEvent[] {
  return Array.from({ length: BULK }, (_, i) => logged(index * BULK + i, { order: `o-${i}`, note: 'Room with a view, two nights' }));
}
