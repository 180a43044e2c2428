import { describe, expect, it } from '@jest/globals';
import { valueAt, without } from './paths';

const PAYLOAD = { order: 'o-1', card: { number: '4111', holder: 'Ada' }, lines: [{ price: 1, note: 'a' }, { price: 2 }] };

describe('a path into a payload', () => {
  it('leads to what stands there, and never to what a map inherits', () => {
    expect(['order', 'card.holder', 'lines.1.price', 'card.none', 'order.x', 'constructor'].map((path) => valueAt(PAYLOAD, path))).toEqual([
      ...['o-1', 'Ada', 2],
      ...[undefined, undefined, undefined],
    ]);
  });

  it('takes away what stands there, and says which paths led somewhere', () => {
    expect(without(PAYLOAD, ['card.number', 'card.none', 'lines.*.note', 'missing'])).toEqual({
      payload: { order: 'o-1', card: { holder: 'Ada' }, lines: [{ price: 1 }, { price: 2 }] },
      removed: ['card.number', 'lines.*.note'],
    });
  });

  it('takes away whole lists and every entry of a map', () => {
    expect(without(PAYLOAD, ['lines', 'card.*']).payload).toEqual({ order: 'o-1', card: {} });
    expect(without(PAYLOAD, ['lines.*']).payload).toMatchObject({ lines: [] });
  });

  it('leaves alone what it does not lead to', () => {
    expect(without(PAYLOAD, ['nothing.*.here']).payload).toBe(PAYLOAD);
  });
});
