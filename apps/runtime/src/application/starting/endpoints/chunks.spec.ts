import { describe, expect, it } from '@jest/globals';
import { Chunks } from './chunks';

describe('Chunks', () => {
  it('hands items over in order, and each is taken before its giver goes on', async () => {
    const chunks = new Chunks<number>();
    const order: string[] = [];
    const giving = (async () => {
      for (const item of [1, 2]) {
        await chunks.put(item);
        order.push(`given ${item}`);
      }
      chunks.end();
    })();
    for await (const item of chunks) order.push(`taken ${item}`);
    await giving;
    expect(order).toEqual(['taken 1', 'given 1', 'taken 2', 'given 2']);
  });

  it('ends with the error of the giver, after what was given', async () => {
    const chunks = new Chunks<number>();
    void chunks.put(1);
    chunks.fail(new Error('torn'));
    const taken: number[] = [];
    await expect(
      (async () => {
        for await (const item of chunks) taken.push(item);
      })(),
    ).rejects.toThrow('torn');
    expect(taken).toEqual([1]);
    chunks.fail('not an error');
  });

  it('lets the giver go on when the taker has left', async () => {
    const chunks = new Chunks<number>();
    const first = chunks.put(1);
    const second = chunks.put(2);
    for await (const _ of chunks) break;
    await Promise.all([first, second, chunks.put(3)]);
  });
});
