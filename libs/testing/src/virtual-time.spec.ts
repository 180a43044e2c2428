import { describe, expect, it } from '@jest/globals';
import { VirtualTime } from './virtual-time';

describe('VirtualTime', () => {
  it('rings each alarm at its time, in the order of times', async () => {
    const time = new VirtualTime(1_000);
    const rung: [string, number][] = [];
    const note = (name: string) => () => void rung.push([name, time.now()]);
    time.set(1_030, note('late'));
    time.set(1_010, note('early'));
    time.set(1_010, note('second'));
    time.set(500, note('overdue'));
    expect(rung).toEqual([]);
    await time.advance(30);
    expect(rung).toEqual([
      ['overdue', 1_000],
      ['early', 1_010],
      ['second', 1_010],
      ['late', 1_030],
    ]);
    expect(time.now()).toBe(1_030);
  });

  it('leaves alone what was taken back, and what lies ahead', async () => {
    const time = new VirtualTime(0);
    const rung: string[] = [];
    const cancel = time.set(10, () => void rung.push('cancelled'));
    time.set(21, () => void rung.push('ahead'));
    cancel();
    await time.advance(20);
    expect([rung, time.pending()]).toEqual([[], 1]);
  });

  it('rings alarms that rings set', async () => {
    const time = new VirtualTime(0);
    const rung: number[] = [];
    const again = (): void => {
      rung.push(time.now());
      time.set(time.now() + 10, again);
    };
    time.set(10, again);
    await time.advance(35);
    expect(rung).toEqual([10, 20, 30]);
  });

  it('jumps over alarms, which ring late', async () => {
    const time = new VirtualTime(0);
    const rung: number[] = [];
    time.set(10, () => void rung.push(time.now()));
    time.jump(100);
    await time.advance(0);
    expect(rung).toEqual([100]);
  });
});
