import { describe, expect, it } from '@jest/globals';
import type { Rule } from '@millrace/auth';
import { compileFilter } from '@millrace/language';
import type { Principal } from '@millrace/kernel';
import type { LoggedEvent } from '@millrace/messaging';
import { permitted } from '../../../testing/permitted';
import { viewOf } from './event-view';
import { Readable } from './readable';

const ada: Principal = { kind: 'user', id: 'ada', roles: [] };
const ALL: Rule = { allow: ['read', 'export'], on: ['events'] };

function event(payload: string): LoggedEvent {
  return {
    ...{ id: 'a', workspaceId: 'ws_1', type: 'orders.paid', time: 1, payload: new TextEncoder().encode(payload), correlationId: 'req_1' },
    ...{ actor: { kind: 'user', id: 'ada' }, source: { app: 'crm' }, position: { epoch: 'e', offset: 7n }, recordedAt: 5 },
  };
}

const readable = (read: readonly Rule[], besides = read): Readable =>
  new Readable(permitted(ada, 'read', read), permitted(ada, 'export', besides));
const shownOf = (reader: Readable, payload: string): unknown => JSON.parse(new TextDecoder().decode(reader.show(event(payload)).payload));

describe('what may be read of events', () => {
  it('is nothing for who may read nothing, or do nothing else with what they read', () => {
    for (const reader of [readable([]), readable([ALL], [{ allow: ['read'], on: ['events'] }])]) {
      const among = reader.among({ op: 'exists', field: 'payload.total' });
      expect(among === undefined || compileFilter(among)(viewOf(event('{"total":1}')))).toBe(false);
      expect(reader.has(event('{}'))).toBe(false);
    }
  });

  it('is everything for who may everything, as it is', () => {
    const all = event('{ "total": 1.0 }');
    expect(readable([ALL]).show(all)).toBe(all);
    expect(readable([ALL]).has(all)).toBe(true);
    expect(readable([ALL]).among(undefined)).toBeUndefined();
  });

  it('is without what is hidden, be the payload none', () => {
    const reader = readable([ALL, { deny: ['read'], on: ['events'], fields: ['payload.card', 'correlationId', 'source'] }]);
    expect(shownOf(reader, '{"total":1,"card":"4111"}')).toEqual({ total: 1 });
    expect(shownOf(reader, 'oops')).toEqual({});
    expect(reader.show(event('{}'))).toMatchObject({ id: 'a', type: 'orders.paid', source: {}, position: { offset: 7n }, recordedAt: 5 });
  });

  it('is what both rights show, in every item of a list and below', () => {
    const reader = readable(
      [ALL, { deny: ['read'], on: ['events'], fields: ['payload.lines.price', 'payload.card'] }],
      [ALL, { deny: ['export'], on: ['events'], fields: ['payload.lines.note', 'payload.none'] }],
    );
    expect(shownOf(reader, '{"lines":[{"price":1,"note":"a","sku":"x"},{"sku":"y","of":null}],"card":"4111","n":2}')).toEqual({
      lines: [{ sku: 'x' }, { sku: 'y', of: null }],
      n: 2,
    });
  });

  it('holds no item of a list that one of the rights does not show', () => {
    const whole: Rule = { deny: ['read', 'export'], on: ['events'], fields: ['payload.card'] };
    const lines: Rule = { allow: ['read', 'export'], on: ['events'], fields: ['payload.lines.sku'] };
    for (const reader of [readable([ALL, whole], [lines]), readable([lines], [ALL, whole])]) {
      expect(shownOf(reader, '{"lines":["secret",{"sku":"x","price":1}],"card":"4111"}')).toEqual({ lines: [null, { sku: 'x' }] });
    }
  });
});
