import { describe, expect, it } from '@jest/globals';
import { NamedWork } from './named-work';

/** Jobs that are done when the spec says so. */
function jobs(parallel: number) {
  const inHand = new Map<string, () => void>();
  const begun: string[] = [];
  const work = new NamedWork(parallel, (name) => {
    begun.push(name);
    return new Promise<void>((resolve) => void inHand.set(name, resolve));
  });
  const finish = async (name: string): Promise<void> => {
    inHand.get(name)?.();
    await Promise.resolve();
    await Promise.resolve();
  };
  return { work, begun, finish };
}

describe('NamedWork', () => {
  it('does few jobs at once, the rest as hands come free', async () => {
    const { work, begun, finish } = jobs(2);
    for (const name of ['a', 'b', 'c']) work.add(name);
    expect(begun).toEqual(['a', 'b']);
    await finish('b');
    expect(begun).toEqual(['a', 'b', 'c']);
  });

  it('never has a name in two hands, and does it again when it was given again', async () => {
    const { work, begun, finish } = jobs(2);
    for (const name of ['a', 'a', 'a', 'b']) work.add(name);
    expect(begun).toEqual(['a', 'b']);
    await finish('a');
    expect(begun).toEqual(['a', 'b', 'a']);
    await finish('a');
    expect(begun).toHaveLength(3);
  });

  it('begins nothing after it was stopped, and waits for what is in hand', async () => {
    const { work, begun, finish } = jobs(1);
    for (const name of ['a', 'b']) work.add(name);
    const stopped = work.stop();
    await finish('a');
    await stopped;
    expect(begun).toEqual(['a']);
  });
});
