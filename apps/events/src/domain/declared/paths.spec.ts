import { describe, expect, it } from '@jest/globals';
import { valueAt, without } from './paths';

const PAYLOAD = { order: 'o-1', card: { number: '4111', holder: 'Ada' }, lines: [{ price: 1, note: 'a' }, { price: 2 }] };

describe('a path into a payload', () => {
  it('leads to what stands there, and never to what a map inherits', () => {
    expect(
      ['order', 'card.holder', 'lines.1.price', 'card.none', 'order.x', 'none.at.all', 'constructor'].map((path) => valueAt(PAYLOAD, path)),
    ).toEqual([...['o-1', 'Ada', 2], ...[undefined, undefined, undefined, undefined]]);
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

  it('takes away one item of a list, or something of it alone', () => {
    expect(without(PAYLOAD, ['lines.0']).payload).toMatchObject({ lines: [{ price: 2 }] });
    expect(without(PAYLOAD, ['lines.1.price']).payload).toMatchObject({ lines: [{ price: 1, note: 'a' }, {}] });
  });

  it('leaves alone what it does not lead to', () => {
    for (const path of ['nothing.*.here', 'order.x', 'lines.7', 'lines.7.price', 'lines.*.none']) {
      expect(without(PAYLOAD, [path])).toEqual({ payload: PAYLOAD, removed: [] });
    }
  });
});
