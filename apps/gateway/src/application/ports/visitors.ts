import type { Identity } from '@millrace/auth';

/** A token for somebody who has not signed in. */
export interface VisitorToken extends Identity {
  readonly token: string;
}

/** People without an account, who are the same ones when they come back. */
export abstract class Visitors {
  /** A token for a new visitor. */
  abstract admit(): Promise<VisitorToken>;
  /** A new token for the same visitor. Refuses with `auth.token_…` one that proves nobody, or is of a visitor who has had one for too long. */
  abstract renew(token: string): Promise<VisitorToken>;
  /** Whether the token says of itself that it is a visitor's; it may be anything all the same. */
  abstract isVisitors(token: string): boolean;
  /** Who came. Refuses with `auth.token_…`. */
  abstract verify(token: string): Promise<Identity>;
}
