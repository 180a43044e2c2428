import { describe, expect, it } from '@jest/globals';
import type { NewEvent } from '@millrace/messaging';
import { ProtobufEnvelopeJson } from './protobuf-envelope-json';

const event: NewEvent = {
  ...{ id: 'evt_1', workspaceId: 'ws_1', type: 'orders.paid', time: 1_000, payload: new TextEncoder().encode('{"a":1}') },
  ...{ correlationId: 'req_1', actor: { kind: 'user', id: 'ada' }, source: { session: 's' }, keep: 'history' },
};

describe('the envelope as JSON', () => {
  it('is the mapping that Protobuf gives, without the payload', () => {
    const text = new ProtobufEnvelopeJson().write({ ...event, position: { epoch: 'e1', offset: 7n }, recordedAt: 2_000 });
    expect(JSON.parse(text)).toEqual({
      ...{ id: 'evt_1', workspaceId: 'ws_1', type: 'orders.paid', time: '1970-01-01T00:00:01Z', correlationId: 'req_1' },
      ...{ actor: { kind: 'user', id: 'ada' }, source: { session: 's' }, keep: 'KEEP_HISTORY' },
      ...{ offset: '7', epoch: 'e1', recordedAt: '1970-01-01T00:00:02Z' },
    });
  });

  it('of an event that is on no log tells no position', () => {
    const text = new ProtobufEnvelopeJson().write({ ...event, keep: 'live' });
    expect(Object.keys(JSON.parse(text) as object)).toEqual([
      'id',
      'workspaceId',
      'type',
      'time',
      'correlationId',
      'actor',
      'source',
      'keep',
    ]);
  });
});
