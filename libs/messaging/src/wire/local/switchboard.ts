import type { FaultReport } from '../../faults';
import type { WireMessage } from '../wire';
import type { AnswerMany, AnswerOnce, LocalService } from './local-service';
import { SubjectIndex } from './subject-index';

export type Listener = (message: WireMessage, subject: string) => void;

/** Who serves and who listens in this process. */
export class Switchboard {
  readonly requests = new SubjectIndex<LocalService<AnswerOnce>>();
  readonly streams = new SubjectIndex<LocalService<AnswerMany>>();
  readonly listeners = new SubjectIndex<Listener>();

  constructor(readonly onFault: FaultReport) {}
}
