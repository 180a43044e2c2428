import { describe, expect, it } from '@jest/globals';
import type { History } from '@millrace/history';
import type { LoggedEvent } from '@millrace/messaging';
import { permitted } from '../../../testing/permitted';
import { Readable } from '../reading/readable';
import type { SearchHistory } from '../search-history';
import { ExplainEvent } from './explain-event';

const ada = { kind: 'user', id: 'ada', roles: [] } as const;

describe('the explanation of an event', () => {
  it('goes by what was shown of it when it has left the history meanwhile', async () => {
    const event: LoggedEvent = {
      ...{ id: 'e1', workspaceId: 'ws_1', type: 'orders.paid', time: 1, correlationId: 'c', actor: ada, source: {} },
      ...{ payload: new TextEncoder().encode('{}'), position: { epoch: 'e', offset: 1n }, recordedAt: 1 },
    };
    const asked: LoggedEvent[] = [];
    const explain = new ExplainEvent({
      search: { get: async () => event } as unknown as SearchHistory,
      history: { get: async () => undefined, search: async () => ({ items: [] }) } as unknown as History,
      runs: { among: async () => [], underWay: async () => [] },
      decisions: {
        of: async (_, decidedOn) => {
          asked.push(decidedOn);
          return { version: '', decisions: [] };
        },
      },
    });
    const readable = new Readable(permitted(ada, 'read'));
    const context = { principal: ada, correlationId: 'c', deadline: 0 };
    expect(await explain.run(context, 'ws_1', 'e1', readable)).toEqual({ event, runs: [], version: '', decisions: [] });
    expect(asked).toEqual([event]);
  });
});
