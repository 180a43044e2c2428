import { describe, expect, it } from '@jest/globals';
import { memoryPorts } from '@millrace/testing';
import { Pace } from './pace';

describe('the pace of a workspace', () => {
  const STAY = new AbortController().signal;

  /** Ten a second, two at once. */
  const paced = () => {
    const { clock, alarms, advance } = memoryPorts();
    const pace = new Pace({ perSecond: 10, burst: 2 }, { clock, alarms });
    const come: string[] = [];
    const ask = (name: string, workspaceId = 'ws_1', signal = STAY, times = 1): void => {
      const turn = pace.turn(workspaceId, signal, times);
      if (turn === undefined) come.push(name);
      else void turn.then(() => come.push(name));
    };
    return { ask, come, advance };
  };

  it('gives its burst at once, and then one after the other in their order', async () => {
    const { ask, come, advance } = paced();
    for (const name of ['a', 'b', 'c', 'd']) ask(name);
    expect(come).toEqual(['a', 'b']);
    await advance(99);
    expect(come).toEqual(['a', 'b']);
    await advance(1);
    expect(come).toEqual(['a', 'b', 'c']);
    ask('e');
    await advance(100);
    expect(come).toEqual(['a', 'b', 'c', 'd']);
    await advance(100);
    expect(come).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('holds up no other workspace, and is whole again after a rest', async () => {
    const { ask, come, advance } = paced();
    for (const name of ['a', 'b', 'c']) ask(name);
    ask('other', 'ws_2');
    expect(come).toEqual(['a', 'b', 'other']);
    await advance(1_000);
    ask('third', 'ws_3');
    for (const name of ['d', 'e', 'f']) ask(name);
    expect(come).toEqual(['a', 'b', 'other', 'c', 'third', 'd', 'e']);
  });

  it('takes many turns as one after the other: whoever takes them waits for the last', async () => {
    const { ask, come, advance } = paced();
    ask('two', 'ws_1', STAY, 2);
    ask('three', 'ws_1', STAY, 3);
    ask('one');
    expect(come).toEqual(['two']);
    await advance(299);
    expect(come).toEqual(['two']);
    await advance(1);
    expect(come).toEqual(['two', 'three']);
    await advance(100);
    expect(come).toEqual(['two', 'three', 'one']);
  });

  it('has whoever takes more at once than its burst wait for the rest', async () => {
    const { ask, come, advance } = paced();
    ask('five', 'ws_1', STAY, 5);
    await advance(299);
    expect(come).toEqual([]);
    await advance(1);
    expect(come).toEqual(['five']);
  });

  it('lets go of whoever gives up', async () => {
    const { ask, come, advance } = paced();
    const patience = new AbortController();
    for (const name of ['a', 'b']) ask(name);
    ask('c', 'ws_1', patience.signal);
    patience.abort();
    ask('d', 'ws_1', patience.signal);
    await advance(0);
    expect(come).toEqual(['a', 'b', 'c', 'd']);
  });
});
