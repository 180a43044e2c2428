import { describe, expect, it } from '@jest/globals';
import { Gathered } from './gathered';

/** A question that is answered when it is told to be; `again` resolves when it is asked once more. */
function answeredLater() {
  const asked: PromiseWithResolvers<number>[] = [];
  let heard = Promise.withResolvers<void>();
  const gathered = new Gathered(() => {
    const one = Promise.withResolvers<number>();
    asked.push(one);
    heard.resolve();
    return one.promise;
  });
  const again = (): Promise<void> => {
    heard = Promise.withResolvers();
    return heard.promise;
  };
  return { gathered, asked, again };
}

describe('a question that many ask at once', () => {
  it('is not answered by what was asked before: all who come meanwhile have the next answer', async () => {
    const { gathered, asked, again } = answeredLater();
    const [first, second, third] = [gathered.ask(), gathered.ask(), gathered.ask()];
    expect(asked).toHaveLength(1);
    const next = again();
    asked[0]?.resolve(1);
    expect(await first).toBe(1);
    await next;
    const last = again();
    const fourth = gathered.ask();
    asked[1]?.resolve(2);
    expect(await Promise.all([second, third])).toEqual([2, 2]);
    await last;
    asked[2]?.resolve(3);
    expect(await fourth).toBe(3);
    expect(asked).toHaveLength(3);
  });

  it('is never under way twice, whoever comes just as one ends', async () => {
    let [underWay, most] = [0, 0];
    const gathered = new Gathered(async () => {
      underWay += 1;
      most = Math.max(most, underWay);
      await new Promise(setImmediate);
      underWay -= 1;
    });
    const all = [gathered.ask(), gathered.ask()];
    await all[0];
    for (let microtask = 0; microtask < 10; microtask++) {
      all.push(gathered.ask());
      await Promise.resolve();
    }
    await Promise.all(all);
    expect(most).toBe(1);
  });

  it('is asked at once when nobody else does', async () => {
    const { gathered, asked } = answeredLater();
    for (const answer of [1, 2]) {
      const one = gathered.ask();
      asked.at(-1)?.resolve(answer);
      expect(await one).toBe(answer);
    }
  });

  it('fails for those who asked it alone', async () => {
    const { gathered, asked, again } = answeredLater();
    const [first, second] = [gathered.ask(), gathered.ask()];
    const next = again();
    asked[0]?.reject(new Error('away'));
    await expect(first).rejects.toThrow('away');
    await next;
    asked[1]?.resolve(2);
    expect(await second).toBe(2);
  });
});
