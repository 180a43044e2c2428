import { describe, expect, it } from '@jest/globals';
import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { EventSchema } from '@millrace/contracts';
import { PRINCIPAL_KINDS } from '@millrace/kernel';
import fc from 'fast-check';
import { decodeEvent, eventFromMessage, eventToMessage } from './codec';
import type { NewEvent } from './event';
import { encodeEvent } from './event-writer';

const word = fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme' });
const count = fc.integer({ min: 1, max: 2 ** 32 - 1 });
const optional = { requiredKeys: [] };

const anyEvent: fc.Arbitrary<NewEvent> = fc.record(
  {
    id: word,
    workspaceId: word,
    type: word,
    version: count,
    time: fc.integer({ min: -(2 ** 40), max: 2 ** 43 }),
    subject: word,
    revision: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
    key: word,
    payload: fc.uint8Array({ maxLength: 200 }),
    correlationId: word,
    causationId: word,
    hops: count,
    actor: fc.record({ kind: fc.constantFrom(...PRINCIPAL_KINDS), id: word, onBehalfOf: word }, { requiredKeys: ['kind', 'id'] }),
    source: fc.record(
      {
        service: word,
        automation: word,
        app: word,
        run: word,
        step: word,
        endpoint: word,
        session: word,
        socket: word,
        ip: word,
        replayOf: word,
      },
      optional,
    ),
    target: fc.record({ user: word, session: word, topic: word, socket: word }, optional),
    keep: fc.constantFrom('history' as const, 'log' as const, 'live' as const),
    traceparent: word,
    tracestate: word,
    extensions: fc.dictionary(fc.stringMatching(/^[a-z0-9]{1,20}$/), word, { minKeys: 1, maxKeys: 4, noNullPrototype: true }),
    redacted: fc.array(word, { minLength: 1, maxLength: 3 }),
  },
  { requiredKeys: ['id', 'workspaceId', 'type', 'time', 'payload', 'correlationId', 'actor', 'source'] },
);

describe('the event codec', () => {
  it('reads back every event it wrote', () => {
    fc.assert(fc.property(anyEvent, (event) => expect(decodeEvent(encodeEvent(event))).toEqual(event)));
  });

  it('writes what the library reads as the message of the event', () => {
    fc.assert(
      fc.property(anyEvent, (event) => {
        const answer = eventToMessage({ ...event, position: { epoch: '', offset: 0n }, recordedAt: 0 });
        const { recordedAt, ...expected } = answer;
        expect(recordedAt).toBeDefined();
        expect(fromBinary(EventSchema, encodeEvent(event))).toEqual(expected);
      }),
    );
  });

  it('writes the next event whole after one it could not write', () => {
    const event = fc.sample(anyEvent, 1)[0];
    if (event === undefined) throw new Error('no sample');
    const broken = { ...event, version: -1 };
    expect(() => encodeEvent(broken)).toThrow();
    expect(decodeEvent(encodeEvent(event))).toEqual(event);
  });

  it('gives answers the same event with its position', () => {
    fc.assert(
      fc.property(anyEvent, fc.bigInt({ min: 1n, max: 2n ** 63n }), (event, offset) => {
        const message = eventToMessage({ ...event, position: { epoch: 'e1', offset }, recordedAt: 1_700_000_000_123 });
        const received = fromBinary(EventSchema, toBinary(EventSchema, message));
        expect(eventFromMessage(received)).toEqual(event);
        expect([received.epoch, received.offset, received.recordedAt?.nanos]).toEqual(['e1', offset, 123_000_000]);
      }),
    );
  });

  it('takes an empty field for an absent one', () => {
    const event: NewEvent = {
      id: 'evt_1',
      workspaceId: 'platform',
      type: 'a.b',
      time: 0,
      payload: new Uint8Array(),
      correlationId: 'c',
      actor: { kind: 'service', id: 'events', onBehalfOf: '' },
      source: { service: '' },
      subject: '',
      hops: 0,
      extensions: {},
      redacted: [],
    };
    expect(decodeEvent(encodeEvent(event))).toEqual({
      ...{ id: 'evt_1', workspaceId: 'platform', type: 'a.b', time: 0, payload: new Uint8Array(), correlationId: 'c' },
      actor: { kind: 'service', id: 'events' },
      source: {},
    });
  });

  it('takes a message without actor, source and time for one by nobody, from nowhere', () => {
    const event = decodeEvent(new Uint8Array());
    expect(event).toMatchObject({ actor: { kind: 'anonymous', id: '' }, source: {}, time: 0 });
  });

  it('throws on bytes that are no event', () => {
    expect(() => decodeEvent(Uint8Array.of(0xff, 0xff))).toThrow();
  });
});
