import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SqliteHistory } from '@millrace/history';
import type { LoggedEvent } from '@millrace/messaging';
import { CountKept } from './count-kept';

let history: SqliteHistory;

beforeEach(async () => {
  history = await SqliteHistory.open({ path: ':memory:' });
});

afterEach(() => history.close());

let offset = 0n;

function event(workspaceId: string, actor: string, payload: object): LoggedEvent {
  offset += 1n;
  return {
    ...{ id: `evt_${offset}`, workspaceId, type: 'notes.taken', time: 1, recordedAt: 1, correlationId: 'cor' },
    ...{ position: { epoch: 'e', offset }, actor: { kind: 'user', id: actor }, source: {} },
    payload: new TextEncoder().encode(JSON.stringify(payload)),
  };
}

describe('what is kept of somebody who has left', () => {
  it('is every event that they made or that says their id, each once, in every workspace', async () => {
    const kept = new CountKept(history);
    expect(await kept.of('usr_1')).toBe(0);
    await history.append([
      event('ws_1', 'usr_1', {}),
      event('ws_1', 'usr_1', { of: 'usr_1' }),
      event('ws_2', 'usr_2', { members: [{ user: 'usr_1' }] }),
      event('ws_2', 'usr_2', { members: [{ user: 'usr_11' }] }),
      event('ws_2', 'usr_12', {}),
    ]);
    expect(await kept.of('usr_1')).toBe(3);
  });
});
