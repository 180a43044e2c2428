import { describe, expect, it } from '@jest/globals';
import { compileFilter, parseFilter } from '@millrace/language';
import type { NewEvent } from '@millrace/messaging';
import { permitted } from '../../../testing/permitted';
import { EnvelopeJson } from '../ports/envelope-json';
import { LiveEvent } from './live-event';

/** Counts how often it is asked. */
class CountedEnvelopes extends EnvelopeJson {
  asked = 0;

  constructor(private readonly more: object = {}) {
    super();
  }

  override write({ id }: NewEvent): string {
    this.asked += 1;
    return JSON.stringify({ id, ...this.more });
  }
}

function event(payload: string, envelopes = new CountedEnvelopes()): LiveEvent {
  const actor = { kind: 'user', id: 'ada' } as const;
  const envelope = { id: 'a', workspaceId: 'ws_1', type: 'orders.paid', time: 1, correlationId: 'req_1', actor, source: {} };
  return new LiveEvent({ ...envelope, payload: new TextEncoder().encode(payload) }, envelopes);
}

describe('an event on its way', () => {
  it('is written once for each form, with the payload byte by byte as it came', () => {
    const envelopes = new CountedEnvelopes();
    const one = event('{ "total": 1.00, "name": "Zoë" }', envelopes);
    expect(one.text('full').json).toBe('{"id":"a","payload":{ "total": 1.00, "name": "Zoë" }}');
    expect(one.text('none').json).toBe('{"id":"a"}');
    expect(one.text(['total', 'x']).json).toBe('{"id":"a","payload":{"total":1}}');
    expect(one.text('full')).toBe(one.text('full'));
    expect(envelopes.asked).toBe(1);
  });

  it('is JSON even where the payload is none', () => {
    expect(event('').text('full').json).toBe('{"id":"a","payload":{}}');
    expect(event('oops').text(['a']).json).toBe('{"id":"a","payload":{}}');
  });

  it('is without what its reader may not see, in each form', () => {
    const permission = permitted({ kind: 'user', id: 'ada', roles: [] }, 'read', [
      { allow: ['read'], on: ['events'] },
      { deny: ['read'], on: ['events'], fields: ['payload.card', 'subject'] },
    ]);
    const one = event('{"total":1,"card":"4111"}', new CountedEnvelopes({ subject: 'guest/1' }));
    expect(JSON.parse(one.text('full', permission.fields).json)).toEqual({ id: 'a', payload: { total: 1 } });
    expect(JSON.parse(one.text(['total', 'card'], permission.fields).json)).toEqual({ id: 'a', payload: { total: 1 } });
    expect(JSON.parse(one.text('none', permission.fields).json)).toEqual({ id: 'a' });
    expect(JSON.parse(event('oops').text('full', permission.fields).json)).toEqual({ id: 'a', payload: {} });
  });

  it('shows filters its envelope and its payload', () => {
    const asks = (payload: string, where: string): boolean => compileFilter(parseFilter(where))(event(payload).view);
    expect(asks('{"total":5}', "actor.id = 'ada' and payload.total > 4")).toBe(true);
    expect(asks('{"total":5}', 'payload.total > 5 or payload.total = 4')).toBe(false);
    expect(asks('oops', 'payload.total exists')).toBe(false);
  });
});
