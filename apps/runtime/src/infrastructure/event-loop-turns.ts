import { setImmediate } from 'node:timers/promises';
import { Turn } from '@millrace/messaging';
import { Turns } from '../application/ports/turn';

/** Turns after which somebody counts as long: about a tenth of a second of work. */
const MANY = 100;

/** Turns of Node's event loop. */
export class EventLoopTurns extends Turns {
  private readonly taken = new WeakMap<object, number>();

  override next(whose: object): Promise<void> {
    const taken = (this.taken.get(whose) ?? 0) + 1;
    this.taken.set(whose, taken);
    return taken > MANY ? new Turn().giveWay() : setImmediate();
  }

  /** Of this thread: neither what other processes did meanwhile counts, nor what other threads of this one did. */
  override timed<T>(turn: () => T): { readonly value: T; readonly cpu: number } {
    const used = process.threadCpuUsage();
    const value = turn();
    const { user, system } = process.threadCpuUsage(used);
    return { value, cpu: (user + system) / 1_000 };
  }
}
