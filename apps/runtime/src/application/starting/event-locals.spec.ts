import { describe, expect, it } from '@jest/globals';
import type { LoggedEvent } from '@millrace/messaging';
import { eventLocals } from './event-locals';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('an event as automations see it', () => {
  const event: LoggedEvent = {
    id: 'evt_1',
    workspaceId: 'ws_1',
    type: 'orders.paid',
    time: 0,
    payload: encode('{"a":1,"__proto__":{"x":1},"b":{"__proto__":2}}'),
    correlationId: 'cor_1',
    actor: { kind: 'user', id: 'ada' },
    source: { session: 'ses_1', service: 'events' },
    position: { epoch: 'e', offset: 1n },
    recordedAt: 0,
  };

  it('has its fact, its time and where it came from', () => {
    expect(eventLocals({ ...event, subject: 'order/1' })).toEqual({
      id: 'evt_1',
      type: 'orders.paid',
      createdAt: '1970-01-01T00:00:00.000Z',
      subject: 'order/1',
      payload: { a: 1, b: {} },
      source: { workspaceId: 'ws_1', correlationId: 'cor_1', sessionId: 'ses_1', userId: 'ada' },
    });
  });

  it('names the person behind an automation', () => {
    const locals = eventLocals({ ...event, actor: { kind: 'automation', id: 'greet', onBehalfOf: 'bob' } });
    expect(locals.source['userId']).toBe('bob');
  });

  it('names nobody for a service', () => {
    expect(eventLocals({ ...event, actor: { kind: 'service', id: 'events' } }).source).not.toHaveProperty('userId');
  });
});
