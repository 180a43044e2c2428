import type { FaultReport } from '../../faults';
import type { WireMessage } from '../wire';
import type { AnswerMany, AnswerOnce, LocalService } from './local-service';
import { SubjectIndex } from './subject-index';

/** When a call begins, in a process that serves many of them on one event loop. */
export interface CallTurns {
  /** Resolves when the next call may begin, in the order asked; undefined: at once. */
  next(): Promise<void> | undefined;
}

export type Listener = (message: WireMessage, subject: string) => void;

/** Who serves and who listens in this process. */
export class Switchboard {
  readonly requests = new SubjectIndex<LocalService<AnswerOnce>>();
  readonly streams = new SubjectIndex<LocalService<AnswerMany>>();
  readonly listeners = new SubjectIndex<Listener>();

  constructor(
    readonly onFault: FaultReport,
    readonly turns: CallTurns,
  ) {}
}
