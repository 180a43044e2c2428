import { describe, expect, it } from '@jest/globals';
import { create } from '@bufbuild/protobuf';
import { timestampFromMs, timestampMs, type Timestamp } from '@bufbuild/protobuf/wkt';
import { EventSchema } from '@millrace/contracts';
import type { JsonMap } from '@millrace/kernel';
import { Ids } from '@millrace/kernel';
import fc from 'fast-check';
import { modeOf } from './modes';
import { fromBinary, fromBody, inputOf, type CloudEvent } from './read-cloud-event';
import { cloudEventJson } from './write-cloud-event';

class NamedIds extends Ids {
  override mint = (prefix: string): string => `${prefix}_new`;
  override derive = (prefix: string, ...names: readonly string[]): string => `${prefix}_${names.join('|')}`;
}

const ids = new NamedIds();
const encoder = new TextEncoder();
const bytes = (value: unknown): Uint8Array => encoder.encode(JSON.stringify(value));
const EVENT = { specversion: '1.0', id: 'a1', source: '/shop', type: 'orders.paid' };

describe('a request', () => {
  it.each([
    ['POST', { 'content-type': 'application/cloudevents+json; charset=utf-8' }, 'structured'],
    ['POST', { 'content-type': 'Application/CloudEvents-Batch+JSON' }, 'batch'],
    ['POST', { 'content-type': 'application/json', 'ce-specversion': '1.0' }, 'binary'],
    ['POST', { 'content-type': 'application/json', accept: 'application/cloudevents+json' }, undefined],
    ['GET', { accept: 'application/cloudevents-batch+json' }, 'wanted'],
    ['GET', { accept: 'application/json', 'ce-specversion': '1.0' }, undefined],
  ])('%s with %j speaks CloudEvents as %s', (method, headers, mode) => {
    expect(modeOf(method, headers)).toBe(mode);
  });
});

describe('a CloudEvent that comes in', () => {
  const read = (event: object): ReturnType<typeof inputOf> => inputOf(fromBody(bytes(event), 'structured')[0] as CloudEvent, '', ids);

  it('says what, about what, when and in which order; what means nothing here is kept, what only the server says is not', () => {
    const { time, payload, ...input } = read({
      ...EVENT,
      ...{ subject: 'order/1', time: '2026-11-21T20:00:00Z', partitionkey: 'k', data: { total: 7 }, datacontenttype: 'application/json' },
      ...{ tenant: 't1', priority: 3, correlationid: 'forged', mrtarget: 'user/ada', sequence: '1', authid: 'root' },
    });
    expect(input).toEqual({
      ...{ id: 'evt_cloudevents|/shop|a1', type: 'orders.paid', subject: 'order/1', key: 'k' },
      extensions: { tenant: 't1', priority: '3', cesource: '/shop' },
    });
    expect(timestampMs(time as Timestamp)).toBe(Date.parse('2026-11-21T20:00:00Z'));
    expect(JSON.parse(new TextDecoder().decode(payload as Uint8Array))).toEqual({ total: 7 });
  });

  it('is the same in headers, with its data as it came', () => {
    const data = encoder.encode('{ "total": 12345678901234567890 }');
    const headers = { 'ce-specversion': '1.0', 'ce-id': 'a1', 'ce-source': '/shop', 'ce-type': 'orders.paid', 'ce-note': 'caf%C3%A9 100%' };
    const input = inputOf(fromBinary({ ...headers, 'content-type': 'application/json' }, data), '', ids);
    expect(input).toMatchObject({ id: 'evt_cloudevents|/shop|a1', extensions: { note: 'café 100%', cesource: '/shop' }, payload: data });
  });

  it('may be one of many, each with an id of its own by source', () => {
    const events = fromBody(bytes([EVENT, { ...EVENT, source: '/other' }]), 'batch');
    expect(events.map((event, index) => inputOf(event, `/${index}`, ids).id)).toEqual([
      'evt_cloudevents|/shop|a1',
      'evt_cloudevents|/other|a1',
    ]);
  });

  it.each([
    [{ ...EVENT, specversion: '0.3' }, 'api.media_type'],
    [{ ...EVENT, datacontenttype: 'text/plain', data: 'x' }, 'api.media_type'],
    [{ ...EVENT, data_base64: 'AAAA' }, 'api.media_type'],
    [{ specversion: '1.0', id: 'a', type: 'b' }, 'api.field_type'],
    [{ ...EVENT, time: 'yesterday' }, 'api.field_type'],
    [{ ...EVENT, nested: {} }, 'api.field_type'],
    ['text', 'api.field_type'],
  ])('%j is refused with %s', (event, code) => {
    expect(() => read(event as object)).toThrow(expect.objectContaining({ code }));
  });

  it.each([
    ['deeper than any reader goes', `{"data":${'['.repeat(20_000)}${']'.repeat(20_000)}}`, 'api.json_depth'],
    ['with a key that no object has', '{"data":{"__proto__":{}}}', 'api.json_key'],
    ['with a key that stands twice', '{"id":"a","id":"b"}', 'api.json_duplicate'],
    ['that is no JSON', '{"data":', 'api.json_syntax'],
    ['that is no text', new Uint8Array([0x22, 0xff, 0x22]), 'api.json_syntax'],
  ])('%s is refused as any other body is', (_, body, code) => {
    expect(() => fromBody(typeof body === 'string' ? encoder.encode(body) : body, 'batch')).toThrow(expect.objectContaining({ code }));
  });

  it('is read or refused, whatever it is', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.dictionary(fc.string(), fc.jsonValue()), (body, more) => {
        for (const value of [body, { ...EVENT, ...more }]) {
          try {
            for (const event of fromBody(bytes(value), 'structured')) inputOf(event, '', ids);
          } catch (error) {
            expect(error).toMatchObject({ refusal: 'invalid' });
          }
        }
      }),
    );
  });
});

describe('a CloudEvent that goes out', () => {
  it('says what the envelope says, in the words of CloudEvents', () => {
    const event = create(EventSchema, {
      ...{ id: 'evt_1', workspaceId: 'ws_1', type: 'orders.paid', version: 2, subject: 'order/1', key: 'k', correlationId: 'req_1' },
      ...{ time: timestampFromMs(0), recordedAt: timestampFromMs(5), offset: 42n, epoch: 'e1', extensions: { tenant: 't1' } },
      ...{ actor: { kind: 'key', id: 'key_1' }, source: { automation: 'shop' }, target: { user: 'usr_1' } },
      payload: encoder.encode('{"total":7}'),
    });
    expect(JSON.parse(cloudEventJson(event, 'https://api')) as JsonMap).toEqual({
      ...{ specversion: '1.0', id: 'evt_1', source: '/workspaces/ws_1/automations/shop', type: 'orders.paid', subject: 'order/1' },
      ...{ time: '1970-01-01T00:00:00.000Z', recordedtime: '1970-01-01T00:00:00.005Z', datacontenttype: 'application/json' },
      dataschema: 'https://api/v1/workspaces/ws_1/event-types/orders.paid/versions/2',
      ...{ correlationid: 'req_1', partitionkey: 'k', sequence: '00000000000000000042', authtype: 'api_key', authid: 'key_1' },
      ...{ mrworkspace: 'ws_1', mrepoch: 'e1', mrkeep: 'history', mrtarget: 'user/usr_1', tenant: 't1', data: { total: 7 } },
    });
  });

  it('says nothing else because a producer wrote it among what is kept for others', () => {
    const event = {
      id: 'evt_1',
      workspaceId: 'ws_1',
      type: 'orders.paid',
      time: timestampFromMs(0),
      payload: encoder.encode('{"total":7}'),
    };
    const written = (extensions: Record<string, string>) => cloudEventJson(create(EventSchema, { ...event, extensions }), 'https://api');
    const forged = Object.fromEntries(
      [
        ...['specversion', 'id', 'source', 'type', 'subject', 'time', 'data', 'datacontenttype', 'dataschema', 'dataref'],
        ...['partitionkey', 'correlationid', 'causationid', 'traceparent', 'tracestate', 'recordedtime', 'sequence'],
        ...['authtype', 'authid', 'mrworkspace', 'mrepoch', 'mrkeep', 'mrtarget'],
      ].map((name) => [name, 'forged']),
    );
    expect(written({ ...forged, tenant: 't1', cesource: '/shop' })).toBe(written({ tenant: 't1', cesource: '/shop' }));
    expect(JSON.parse(written({ tenant: 't1', cesource: '/shop' }))).toMatchObject({ tenant: 't1', cesource: '/shop' });
  });
});
