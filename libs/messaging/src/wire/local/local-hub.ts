import { warnOfFault } from '../../faults';
import type { FaultReport } from '../../faults';
import type { Wire } from '../wire';
import { LocalWire } from './local-wire';
import { Switchboard } from './switchboard';

/** What the wires of one process meet at. */
export class LocalHub {
  readonly #switchboard: Switchboard;

  /** `onFault` hears of subscribers that throw. */
  constructor(onFault: FaultReport = warnOfFault) {
    this.#switchboard = new Switchboard(onFault);
  }

  /** A wire of its own for one service: closing it leaves the others' alone. */
  connect(): Wire {
    return new LocalWire(this.#switchboard);
  }
}
