import { describe, expect, it } from '@jest/globals';
import { DomainError } from '@millrace/kernel';
import { read } from './messages';

function refusal(work: () => unknown): DomainError {
  try {
    work();
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
  throw new Error('It was taken.');
}

describe('what clients say on a socket', () => {
  it('is taken when it is as declared', () => {
    const request = { id: 'a', types: ['x'], where: 'type = "a"', since: 'e-1', payload: ['a.b'] };
    expect(read.subscribe(request)).toEqual(request);
    expect(read.subscribe({ id: 'a', payload: 'none' })).toEqual({ id: 'a', payload: 'none' });
    expect(read.unsubscribe({ id: 'a' })).toEqual({ id: 'a' });
    expect(read.auth({ token: 't' })).toEqual({ token: 't' });
    expect(read.handshake({ token: 't', subscribe: { id: 'a' }, other: 1 })).toMatchObject({ token: 't', subscribe: { id: 'a' } });
  });

  it.each([undefined, null, 'x', [], {}, { id: '' }, { id: 'a', payload: 'some' }, { id: 'a', types: 'x' }, { id: 'a', more: 1 }])(
    'is refused when it is %j',
    (body) => {
      expect(refusal(() => read.subscribe(body)).code).toBe('events.message_invalid');
    },
  );

  it('may be an event, as one item of the HTTP batch', () => {
    const draft = read.emit({
      type: 'orders.paid',
      payload: { total: 1 },
      key: 'k',
      keep: 'KEEP_LIVE',
      time: '1970-01-01T00:00:01Z',
      target: { user: 'eve' },
    });
    expect(draft).toMatchObject({ type: 'orders.paid', key: 'k', keep: 'live', time: 1_000, target: { user: 'eve' } });
    expect(new TextDecoder().decode(draft.payload)).toBe('{"total":1}');
    expect(new TextDecoder().decode(read.emit({ type: 'a' }).payload)).toBe('{}');
    expect(read.emit({ type: 'a', keep: 'KEEP_LOG' }).keep).toBe('log');
  });

  it('is checked as over HTTP, with pointers into the item', () => {
    expect(refusal(() => read.emit({ type: '', id: 'no spaces' })).errors.map(({ pointer }) => pointer)).toEqual(['/id', '/type']);
    expect(refusal(() => read.emit({ type: 'a', actor: { id: 'me' } })).message).toContain('actor');
  });

  it.each([
    ['/payload/a/__proto__', '{"type":"a","payload":{"a":{"__proto__":{}}}}'],
    ['/__proto__', '{"type":"a","__proto__":{}}'],
    [expect.stringMatching(/^\/payload(\/a){64}$/), `{"type":"a","payload":${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}}`],
  ])('is refused at %j before anybody walks it', (pointer, text) => {
    expect(refusal(() => read.emit(JSON.parse(text))).errors).toEqual([expect.objectContaining({ pointer })]);
  });
});
