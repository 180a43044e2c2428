import { describe, expect, it } from '@jest/globals';
import type { Principal } from '@millrace/kernel';
import { SystemClock, SystemIds } from '@millrace/service';
import type { EventDraft } from '../domain/admission/draft';
import { compose, idOf, type Surroundings } from './compose';

const ids = new SystemIds(new SystemClock());
const now = Date.UTC(2030, 0, 1);
const payload = new TextEncoder().encode('{}');
const draft: EventDraft = { type: 'orders.paid', payload, keep: 'history' };
const ada: Principal = { kind: 'user', id: 'ada', roles: [], session: 's1' };

function around(principal: Principal, more: Partial<Surroundings> = {}): Surroundings {
  return { context: { principal, correlationId: 'req_1', deadline: now }, workspaceId: 'ws_1', now, ...more };
}

describe('the id of an event', () => {
  it('is the one the client gave', () => {
    expect(idOf({ ...draft, id: 'mine' }, 0, around(ada, { idempotencyKey: 'k' }), ids)).toBe('mine');
  });

  it('is always the same for the same sender, key and place', () => {
    const derive = (principal: Principal, key: string, index: number): string =>
      idOf(draft, index, around(principal, { idempotencyKey: key }), ids);
    expect(derive(ada, 'k', 0)).toBe(derive(ada, 'k', 0));
    const different = [derive(ada, 'k', 0), derive(ada, 'k', 1), derive(ada, 'l', 0), derive({ ...ada, id: 'eve' }, 'k', 0)];
    expect(new Set(different).size).toBe(4);
  });

  it('is else a new one', () => {
    expect(idOf(draft, 0, around(ada), ids)).not.toBe(idOf(draft, 0, around(ada), ids));
  });
});

describe('an event as the door makes it', () => {
  it('says who, whence and in which story', () => {
    expect(compose({ ...draft, subject: 'order/1', target: { user: 'eve' } }, 'evt_1', around(ada))).toEqual({
      ...{ id: 'evt_1', workspaceId: 'ws_1', type: 'orders.paid', time: now, payload, keep: 'history', key: 's1', subject: 'order/1' },
      ...{ correlationId: 'req_1', causationId: 'req_1', target: { user: 'eve' } },
      ...{ actor: { kind: 'user', id: 'ada' }, source: { session: 's1' } },
    });
  });

  it('carries on the causation and the trace of the call', () => {
    const surroundings = around(ada);
    const context = { ...surroundings.context, causationId: 'evt_0', traceparent: '00-a-b-01' };
    expect(compose(draft, 'evt_1', { ...surroundings, context })).toMatchObject({ causationId: 'evt_0', traceparent: '00-a-b-01' });
  });

  it('names the service, the automation and whom it acts for, the socket', () => {
    const automation: Principal = { kind: 'automation', id: 'ws_1/greet', roles: [], onBehalfOf: 'ada' };
    expect(compose(draft, 'e', around(automation, { socket: 'x' }))).toMatchObject({
      actor: { kind: 'automation', id: 'ws_1/greet', onBehalfOf: 'ada' },
      source: { automation: 'ws_1/greet', socket: 'x' },
    });
    const service = compose(draft, 'e', around({ kind: 'service', id: 'ads', roles: [] }));
    expect(service).toMatchObject({ source: { service: 'ads' } });
    expect(service).not.toHaveProperty('key');
  });

  it('keeps a time that cannot be believed beside the server’s', () => {
    expect(compose({ ...draft, time: 0 }, 'e', around(ada))).toMatchObject({
      time: now,
      extensions: { originaltime: '1970-01-01T00:00:00.000Z' },
    });
  });
});
