import { warnOfFault } from '../../faults';
import type { FaultReport } from '../../faults';
import type { Wire, WireMessage } from '../wire';
import type { AnswerMany, AnswerOnce, LocalService } from './local-service';
import { LocalWire } from './local-wire';
import { SubjectIndex } from './subject-index';

export type Listener = (message: WireMessage, subject: string) => void;

/** What the wires of one process meet at. */
export class LocalHub {
  readonly requests = new SubjectIndex<LocalService<AnswerOnce>>();
  readonly streams = new SubjectIndex<LocalService<AnswerMany>>();
  readonly listeners = new SubjectIndex<Listener>();

  /** `onFault` hears of subscribers that throw. */
  constructor(readonly onFault: FaultReport = warnOfFault) {}

  /** A wire of its own for one service: closing it leaves the others' alone. */
  connect(): Wire {
    return new LocalWire(this);
  }
}
