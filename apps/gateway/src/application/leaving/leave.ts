import type { Identity } from '@millrace/auth';
import { DomainError, type Clock } from '@millrace/kernel';
import { stateOf, type Erasure, type ErasureState } from '../../domain/leaving/erasure';
import type { Erasures } from '../ports/erasures';
import type { ErasePerson } from './erase-person';

export interface LeaveParts {
  readonly erasures: Erasures;
  readonly erasePerson: ErasePerson;
  readonly clock: Clock;
  /** Told of what has to be done again. */
  readonly onFailure: (error: unknown) => void;
}

/** How far an erasure is, for whoever has its receipt. */
export interface ErasureView extends Pick<Erasure, 'by' | 'beganAt' | 'erased' | 'finishedAt'> {
  readonly state: ErasureState;
}

/** Milliseconds since the person gave a proof, after which another one is asked for. */
const FRESH = 300_000;

/** A person leaves the platform. */
export class Leave {
  constructor(private readonly parts: LeaveParts) {}

  /**
   * Answers the receipt. Refuses whoever is no person with a sign-in of their own (`auth.leaving_denied`), and a sign-in that is older than
   * five minutes (`auth.sign_in_stale`).
   */
  async leave({ principal, signedInAt }: Identity): Promise<string> {
    const { erasures, erasePerson, clock, onFailure } = this.parts;
    if (principal.kind !== 'user' || principal.scopes !== undefined) throw leavingDenied();
    if (signedInAt === undefined || clock.now() - signedInAt > FRESH) throw signInStale();
    await erasePerson.begin(principal.id, 'person');
    const receipt = await erasures.receipt(principal.id);
    await erasePerson.carryOut(principal.id).catch(onFailure);
    return receipt;
  }

  /** Refuses a receipt of nothing (`auth.erasure_not_found`). */
  async stateOf(receipt: string): Promise<ErasureView> {
    const erasure = await this.parts.erasures.byReceipt(receipt);
    if (erasure === undefined) throw erasureNotFound();
    const { by, beganAt, erased, finishedAt } = erasure;
    return { state: stateOf(erasure), by, beganAt, erased, ...(finishedAt === undefined ? {} : { finishedAt }) };
  }
}

function leavingDenied(): DomainError {
  return new DomainError(
    'auth.leaving_denied',
    'forbidden',
    'Only a person can leave, and only with a sign-in of their own: a key or a personal token cannot.',
  );
}

function signInStale(): DomainError {
  return new DomainError(
    'auth.sign_in_stale',
    'forbidden',
    'This needs a sign-in of the last five minutes. Sign in again, with GET /v1/auth/sign-in?fresh=true in a browser, and repeat it.',
  );
}

function erasureNotFound(): DomainError {
  return new DomainError('auth.erasure_not_found', 'not-found', 'There is no erasure with this receipt, or it was more than a year ago.');
}
