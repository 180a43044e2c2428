import { describe, expect, it } from '@jest/globals';
import type { Principal } from '@millrace/kernel';
import type { EventDraft } from './draft';
import { orderingKey, orderText } from './ordering';

const draft: EventDraft = { type: 'orders.paid', payload: new Uint8Array(), keep: 'history', subject: 'order/1' };
const ada: Principal = { kind: 'user', id: 'ada', roles: [] };
const key: Principal = { kind: 'key', id: 'key_1', roles: [] };

describe('the ordering key', () => {
  it('is what the client says', () => {
    expect(orderingKey({ ...draft, key: 'k' }, { ...ada, session: 's' })).toBe('k');
  });

  it('is else the session, then the person, then the subject', () => {
    expect(orderingKey(draft, { ...ada, session: 's' })).toBe('s');
    expect(orderingKey(draft, ada)).toBe('ada');
    expect(orderingKey(draft, key)).toBe('order/1');
  });

  it('is none where there is nothing to order by', () => {
    expect(orderingKey({ type: 'a', payload: new Uint8Array(), keep: 'history' }, key)).toBeUndefined();
  });
});

describe('a value as an ordering key', () => {
  it('is its text', () => {
    expect(['o-1', 7, false, 'x'.repeat(128)].map(orderText)).toEqual(['o-1', '7', 'false', 'x'.repeat(128)]);
  });

  it('is none where it has no text, an empty one or one that is too long', () => {
    for (const value of [undefined, null, {}, ['o-1'], '', 'x'.repeat(129)]) expect(orderText(value)).toBeUndefined();
  });
});
