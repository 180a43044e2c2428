import { DomainError } from '@millrace/kernel';
import { faultOf } from '../../domain/dead-letters/fingerprint';
import { Fenced } from './keeping/run-store';

/** A run could not be taken on here, through no fault of its own. The message says which automation's. */
export class RunFault extends Error {
  constructor(automation: string, cause: unknown) {
    const message = cause instanceof Error ? cause.message : String(cause);
    super(faultOf(automation, cause instanceof DomainError ? `${cause.code}: ${message}` : message), { cause });
  }

  /** Whether somebody else has taken the run on. */
  get isElsewhere(): boolean {
    return this.cause instanceof Fenced;
  }
}
