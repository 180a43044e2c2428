import { hash } from 'node:crypto';
import type { LoggedEvent } from '@millrace/messaging';
import { Removals, type Counts, type RemovalParts } from './removals';

export interface PersonErasuresParts extends RemovalParts {
  /** Erases what the service keeps of the person; answers how many of what. Done again when anything went wrong, so it must bear that. */
  readonly erase: (user: string, event: LoggedEvent) => Promise<Counts>;
}

/**
 * What every service that keeps something of people does when one has left (`gateway.users.deleted`): it erases, and says so by
 * `<service>.users.erased {user, counts, digest}` on the log. A service that was away does so when it is back.
 */
export class PersonErasures extends Removals {
  constructor({ erase, ...parts }: PersonErasuresParts) {
    super(parts, {
      durable: 'erasures',
      filter: 'platform.gateway.users.deleted',
      told: 'users.erased',
      of: userIn,
      remove: erase,
      payload: (user, counts) => ({ user, counts, digest: hash('sha256', user) }),
    });
  }
}

function userIn({ payload }: LoggedEvent): string | undefined {
  const { user } = JSON.parse(new TextDecoder().decode(payload)) as { readonly user?: unknown };
  return typeof user === 'string' ? user : undefined;
}
