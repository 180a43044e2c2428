import { setImmediate, setTimeout } from 'node:timers/promises';

const TURN = 0.25;
const OTHERS_AT_WORK = 0.1;
const LONGER_TURN = 4;

/**
 * Long work in a process that serves others, too: after a quarter of a millisecond it is their turn. Who is served waits at each of its own steps,
 * so where there was something to do for others in their turn, they get a longer one.
 */
export class Turn {
  private begun = performance.now();

  isOver(): boolean {
    return performance.now() - this.begun >= TURN;
  }

  /** Resolves when the others had theirs, and the next turn begins. */
  async giveWay(): Promise<void> {
    const left = performance.now();
    await setImmediate();
    if (performance.now() - left > OTHERS_AT_WORK) await setTimeout(LONGER_TURN);
    this.begun = performance.now();
  }
}
