import type { JsonMap } from '@millrace/kernel';
import type { EventLog, LoggedEvent, Outcome } from '@millrace/messaging';
import { Follower } from '@millrace/service';
import type { Revocations } from '../../application/ports/revocations';

const KEYS = ['revoked', 'rotated', 'changed'].map((what) => `*.workspaces.keys.${what}`);

/** Hears what happens to keys and tokens, in one gateway of all, and tells every gateway to ask for them again. */
export class CredentialNews extends Follower {
  constructor(
    eventLog: EventLog,
    private readonly revocations: Revocations,
  ) {
    super(eventLog, {
      name: 'gateway-credentials',
      filter: [...KEYS, 'platform.workspaces.tokens.revoked'],
      order: 'none',
      parallel: 8,
      start: 'now',
    });
  }

  protected async hear(event: LoggedEvent): Promise<Outcome> {
    await this.revoked(event);
    return { kind: 'done' };
  }

  private async revoked({ time, payload }: LoggedEvent): Promise<void> {
    const { key, token } = JSON.parse(new TextDecoder().decode(payload)) as JsonMap;
    if (typeof key === 'string') await this.revocations.revoke({ kind: 'key', id: key, at: time });
    if (typeof token === 'string') await this.revocations.revoke({ kind: 'token', id: token, at: time });
  }
}
