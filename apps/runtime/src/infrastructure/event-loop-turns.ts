import { setImmediate, setTimeout } from 'node:timers/promises';
import { Turns } from '../application/ports/turn';

/** Turns after which somebody counts as long: about a tenth of a second of work. */
const MANY = 100;
/** Milliseconds: others who took longer in their turn had something to do. */
const OTHERS_AT_WORK = 0.1;
/** Milliseconds for which the long then stand back. A request passes the loop several times, and would meet a turn each time. */
const PAUSE = 2;

/** Turns of Node's event loop. */
export class EventLoopTurns extends Turns {
  private readonly taken = new WeakMap<object, number>();

  override async next(whose: object): Promise<void> {
    const taken = (this.taken.get(whose) ?? 0) + 1;
    this.taken.set(whose, taken);
    const left = performance.now();
    await setImmediate();
    if (taken > MANY && performance.now() - left > OTHERS_AT_WORK) await setTimeout(PAUSE);
  }

  /** Of this thread: neither what other processes did meanwhile counts, nor what other threads of this one did. */
  override timed<T>(turn: () => T): { readonly value: T; readonly cpu: number } {
    const used = process.threadCpuUsage();
    const value = turn();
    const { user, system } = process.threadCpuUsage(used);
    return { value, cpu: (user + system) / 1_000 };
  }
}
