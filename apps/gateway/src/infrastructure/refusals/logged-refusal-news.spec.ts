import { describe, expect, it } from '@jest/globals';
import { DomainError } from '@millrace/kernel';
import type { NewEvent } from '@millrace/messaging';
import { SystemIds } from '@millrace/service';
import { memoryPorts } from '@millrace/testing';
import { Lines } from '../../../testing/lines';
import { LoggedRefusalNews } from './logged-refusal-news';

const REQUEST = {
  code: 'runs.read_denied',
  route: 'GET /v1/workspaces/:workspace_id/runs',
  requestId: 'req_1',
  caller: 'usr_1',
  ip: '10.0.0.1',
};

/** A log that takes what it is told, or nothing. */
class Taken {
  readonly events: NewEvent[] = [];
  isAway = false;

  readonly append = (events: readonly NewEvent[]) => {
    if (this.isAway) return Promise.reject(new DomainError('log.unavailable', 'unavailable', 'Away.'));
    this.events.push(...events);
    return Promise.resolve([]);
  };

  payloads(): readonly unknown[] {
    return this.events.map(({ payload }) => JSON.parse(new TextDecoder().decode(payload)) as unknown);
  }
}

function started() {
  const { clock, advance } = memoryPorts();
  const taken = new Taken();
  return { taken, advance, news: new LoggedRefusalNews(taken, new SystemIds(clock), clock, new Lines()) };
}

describe('refusals', () => {
  it('are told with who asked for what, from where, and why it was refused', () => {
    const { news, taken } = started();
    news.refused(REQUEST);
    news.refused({ code: 'auth.required', route: 'GET /v1/me', requestId: 'req_2' });
    for (const caller of ['key_1', 'anonymous']) news.refused({ ...REQUEST, caller });
    expect(taken.events).toMatchObject([
      {
        ...{ workspaceId: 'platform', type: 'gateway.requests.refused', correlationId: 'req_1', actor: { kind: 'user', id: 'usr_1' } },
        source: { service: 'gateway', ip: '10.0.0.1' },
      },
      { correlationId: 'req_2', actor: { kind: 'service', id: 'gateway' }, source: { service: 'gateway' } },
      { actor: { kind: 'key', id: 'key_1' } },
      { actor: { kind: 'anonymous', id: 'anonymous' } },
    ]);
    expect(taken.payloads().slice(0, 2)).toEqual([
      { code: REQUEST.code, route: REQUEST.route },
      { code: 'auth.required', route: 'GET /v1/me' },
    ]);
  });

  it('beyond ten in a second are counted', async () => {
    const { news, taken, advance } = started();
    for (let count = 0; count < 15; count++) news.refused(REQUEST);
    expect(taken.events).toHaveLength(10);
    await advance(1_000);
    for (let count = 0; count < 2; count++) news.refused(REQUEST);
    expect(taken.payloads().slice(10)).toMatchObject([{ omitted: 5 }, {}]);
    expect(taken.payloads()[11]).not.toHaveProperty('omitted');
  });

  it('that cannot be told now are counted with the next', async () => {
    const { news, taken, advance } = started();
    taken.isAway = true;
    news.refused(REQUEST);
    await advance(1);
    taken.isAway = false;
    news.refused(REQUEST);
    expect(taken.payloads()).toMatchObject([{ omitted: 1 }]);
  });
});
