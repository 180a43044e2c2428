import { DomainError, type Alarms, type Clock } from '@millrace/kernel';
import type { Outlet } from '../ports/outlet';

/** Milliseconds before the end at which a receiver is told of it. */
const WARNING = 60_000;
/** Milliseconds after the end for which a receiver stays: as far as clocks may be apart. */
const GRACE = 30_000;

export interface ExpiryParts {
  readonly clock: Clock;
  readonly alarms: Alarms;
}

/** Ends a receiver's connection with what it came with, whatever that was: a token, a key, a session. Says so a minute before. */
export class Expiry {
  private cancels: readonly (() => void)[] = [];

  constructor(
    private readonly outlet: Pick<Outlet, 'tell' | 'end'>,
    private readonly parts: ExpiryParts,
  ) {}

  /** Starts over for a credential that ends then, milliseconds since 1970; undefined: it does not end. */
  watch(expiresAt: number | undefined): void {
    this.stop();
    if (expiresAt === undefined) return;
    const { alarms } = this.parts;
    const said = new Date(expiresAt).toISOString();
    this.cancels = [
      alarms.set(expiresAt - WARNING, () => this.outlet.tell({ kind: 'auth.expiring', expiresAt: said })),
      alarms.set(expiresAt + GRACE, () => this.outlet.end(signInOver())),
    ];
  }

  stop(): void {
    for (const cancel of this.cancels) cancel();
    this.cancels = [];
  }
}

function signInOver(): DomainError {
  return new DomainError(
    'events.sign_in_over',
    'unauthenticated',
    'What this connection came with has ended. Connect again with a new one.',
  );
}
