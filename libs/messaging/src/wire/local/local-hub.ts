import { warnOfFault } from '../../faults';
import type { FaultReport } from '../../faults';
import type { Wire } from '../wire';
import { LocalWire } from './local-wire';
import { Switchboard, type CallTurns } from './switchboard';

export interface LocalHubOptions {
  /** Hears of subscribers that throw. */
  readonly onFault?: FaultReport;
  /** When calls begin, and streams; at once when absent. */
  readonly turns?: CallTurns;
}

/** What the wires of one process meet at. */
export class LocalHub {
  readonly #switchboard: Switchboard;

  constructor({ onFault = warnOfFault, turns = { next: () => undefined } }: LocalHubOptions = {}) {
    this.#switchboard = new Switchboard(onFault, turns);
  }

  /** A wire of its own for one service: closing it leaves the others' alone. */
  connect(): Wire {
    return new LocalWire(this.#switchboard);
  }
}
