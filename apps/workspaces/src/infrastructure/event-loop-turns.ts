import { setImmediate } from 'node:timers/promises';
import { Turns } from '../application/ports/turns';

/** Turns of Node's event loop. */
export class EventLoopTurns extends Turns {
  override next(): Promise<void> {
    return setImmediate();
  }
}
