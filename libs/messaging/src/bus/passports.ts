import type { Principal } from '@millrace/kernel';

/** Signs who is asking and proves it on the other side. Nothing else on a call identifies the caller. */
export abstract class Passports {
  /** A token that says `principal` for `lifetime` milliseconds and at most a few seconds more, never over a minute. Refuses (`auth.principal_not_ours`) a principal this service may not speak for. */
  abstract sign(principal: Principal, lifetime: number): Promise<string>;
  /** Who the token says is asking. `auth.passport_missing`, `auth.passport_invalid` (unauthenticated) otherwise. */
  abstract verify(token: string | undefined): Promise<Principal>;
}
