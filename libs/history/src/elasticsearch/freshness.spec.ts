import { describe, expect, it } from '@jest/globals';
import { Freshness } from './freshness';

/** Refreshes that end when they are told to. */
function refreshes() {
  const running: PromiseWithResolvers<undefined>[] = [];
  const freshness = new Freshness(() => {
    const refresh = Promise.withResolvers<undefined>();
    running.push(refresh);
    return refresh.promise;
  });
  return { freshness, running };
}

describe('Freshness', () => {
  it('lets all who come during one refresh wait for one more', async () => {
    const { freshness, running } = refreshes();
    const first = freshness.ensure();
    const later = [freshness.ensure(), freshness.ensure()];
    expect(running).toHaveLength(1);
    running[0]?.resolve(undefined);
    await first;
    expect(running).toHaveLength(2);
    running[1]?.resolve(undefined);
    await Promise.all(later);
    const last = freshness.ensure();
    expect(running).toHaveLength(3);
    running[2]?.resolve(undefined);
    await last;
  });

  it('tells of a refresh that fails whoever waited for it, and goes on', async () => {
    const { freshness, running } = refreshes();
    const first = freshness.ensure();
    const second = freshness.ensure();
    running[0]?.reject(new Error('away'));
    await expect(first).rejects.toThrow('away');
    running[1]?.resolve(undefined);
    await second;
    const third = freshness.ensure();
    running[2]?.reject(new Error('away again'));
    await expect(third).rejects.toThrow('away again');
    const fourth = freshness.ensure();
    running[3]?.resolve(undefined);
    await fourth;
  });
});
