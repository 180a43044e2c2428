import { setImmediate, setTimeout } from 'node:timers/promises';

/** Milliseconds of work after which it is the others' turn. */
const TURN = 0.25;
/** Milliseconds: others who took longer in their turn had something to do. */
const OTHERS_AT_WORK = 0.1;
/** Milliseconds that others who had something to do have for their next steps. */
const LONGER_TURN = 4;

/**
 * A turn of long work in a process that serves others, too. Who is served waits at each of its own steps, and would meet a turn at each: so where
 * others had something to do in theirs, they get a longer one.
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
