import { describe, expect, it } from '@jest/globals';
import { DomainError, type Principal } from '@millrace/kernel';
import { checkBatch } from './check-batch';
import type { EventDraft } from './draft';

const ada: Principal = { kind: 'user', id: 'ada', roles: [] };
const paid: EventDraft = { type: 'orders.paid', payload: bytes('{"total":1}'), keep: 'history' };

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function refusal(drafts: readonly EventDraft[], by: Principal = ada): DomainError | undefined {
  try {
    checkBatch(drafts, by, (index) => `/events/${index}`);
    return undefined;
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
}

function places(drafts: readonly EventDraft[], by: Principal = ada): readonly string[] {
  return refusal(drafts, by)?.errors.map(({ pointer, code }) => `${pointer} ${code}`) ?? [];
}

describe('a batch at the door', () => {
  it('is taken when nothing is wrong with it', () => {
    expect(refusal([paid, { ...paid, id: 'a' }, { ...paid, id: 'b', target: { user: 'eve' } }])).toBeUndefined();
  });

  it('is refused with every place that is wrong, the first one speaking for all', () => {
    const drafts = [paid, { ...paid, type: 'orders paid' }, { ...paid, payload: bytes('[1]') }, { ...paid, type: 'runtime.runs.started' }];
    const error = refusal(drafts);
    expect(error?.errors.map(({ pointer, code }) => [pointer, code])).toEqual([
      ['/events/1/type', 'events.type_invalid'],
      ['/events/2/payload', 'events.payload_not_object'],
      ['/events/3/type', 'events.native_type'],
    ]);
    expect(error).toMatchObject({ code: 'events.type_invalid', refusal: 'invalid' });
    expect(error?.message).toContain('2 more');
  });

  it.each(['workspaces.created', 'error', 'notification.requested'])('keeps clients from saying %s', (type) => {
    expect(places([{ ...paid, type }])).toEqual(['/events/0/type events.native_type']);
  });

  it('lets automations request notifications', () => {
    expect(places([{ ...paid, type: 'notification.requested' }], { ...ada, kind: 'automation' })).toEqual([]);
  });

  it('lets a service say what is its own, and no more', () => {
    const ads: Principal = { kind: 'service', id: 'ads', roles: [] };
    expect(
      places(
        [
          { ...paid, type: 'ads.offers.created' },
          { ...paid, type: 'error' },
        ],
        ads,
      ),
    ).toEqual([]);
    expect(places([{ ...paid, type: 'workspaces.created' }], ads)).toEqual(['/events/0/type events.native_type']);
  });

  it.each(['', 'null', '1', '"text"', '[{}]', '{"a":', '\uFEFF{}'])('takes no payload %j', (payload) => {
    expect(places([{ ...paid, payload: bytes(payload) }])).toEqual(['/events/0/payload events.payload_not_object']);
  });

  it('takes no payload that is not UTF-8', () => {
    expect(places([{ ...paid, payload: new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]) }])).toEqual([
      '/events/0/payload events.payload_not_object',
    ]);
  });

  it('names the key that would touch a prototype, and takes others that only sound like it', () => {
    expect(places([{ ...paid, payload: bytes('{"a":[{"__proto__":{"x":1}}]}') }])).toEqual([
      '/events/0/payload/a/0/__proto__ events.key_forbidden',
    ]);
    expect(places([{ ...paid, payload: bytes('{"constructor":{"prototype":1}}') }])).toEqual([]);
  });

  it('takes 64 levels and not one more', () => {
    const nested = (levels: number): Uint8Array => bytes(`${'{"a":'.repeat(levels - 1)}{}${'}'.repeat(levels - 1)}`);
    expect(places([{ ...paid, payload: nested(64) }])).toEqual([]);
    expect(refusal([{ ...paid, payload: nested(65) }])).toMatchObject({ code: 'events.too_large' });
  });

  it('takes 10,000 keys and not one more', () => {
    const wide = (keys: number): Uint8Array => bytes(`{"list":[${Array.from({ length: keys - 1 }, () => 0).join(',')}]}`);
    expect(places([{ ...paid, payload: wide(10_000) }])).toEqual([]);
    expect(places([{ ...paid, payload: wide(10_001) }])).toEqual(['/events/0/payload events.too_large']);
  });

  it('names the five heaviest places of an event that is too large', () => {
    const heavy = {
      note: 'n'.repeat(1_000),
      none: null,
      file: { meta: 1, 'a/b': 'x'.repeat(300_000) },
      p: 'pp',
      q: 'qqq',
      r: 'rrrr',
      s: '',
    };
    const error = refusal([{ ...paid, payload: bytes(JSON.stringify(heavy)) }]);
    expect(error).toMatchObject({ code: 'events.too_large', refusal: 'invalid' });
    expect(error?.message).toContain(
      'Heaviest, in bytes: /events/0/payload/file/a~1b: 300002, /events/0/payload/note: 1002, /events/0/payload/r: 6, /events/0/payload/q: 5, /events/0/payload/none: 4.',
    );
  });

  it('counts the envelope, and cannot name places of what is no object', () => {
    expect(places([{ ...paid, payload: bytes(`"${'x'.repeat(262_000)}"`), subject: 's'.repeat(256) }])).toEqual([
      '/events/0/payload events.too_large',
      '/events/0/payload events.payload_not_object',
    ]);
  });

  it('is refused as a whole when it has more than 2 MiB', () => {
    const large = { ...paid, payload: bytes(`{"a":"${'x'.repeat(220_000)}"}`) };
    expect(refusal(Array.from({ length: 9 }, () => large))).toBeUndefined();
    expect(refusal(Array.from({ length: 10 }, () => large))).toMatchObject({ code: 'events.too_large', facts: { limit: 2_097_152 } });
  });

  it('may say the same event twice, but not two events under one id', () => {
    const known = { ...paid, id: 'evt-1', subject: 'order/1', target: { user: 'eve' } };
    expect(places([known, { ...known, time: 5, key: 'k' }])).toEqual([]);
    for (const other of [{ payload: bytes('{"total":2}') }, { payload: bytes('{}') }, { type: 'orders.sent' }, { subject: 'order/2' }]) {
      expect(places([known, { ...known, ...other }])).toEqual(['/events/1/id events.id_reused']);
    }
    expect(places([known, { ...paid, id: 'evt-1', subject: 'order/1' }])).toEqual(['/events/1/id events.id_reused']);
  });
});
