import type { JsonMap } from '@millrace/kernel';
import type { Consumption, EventLog, LoggedEvent } from '@millrace/messaging';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import type { Revocations } from '../../application/ports/revocations';

const GRACE = 5_000;

/** Hears what happens to keys and tokens, in one gateway of all, and tells every gateway to ask for them again. */
export class CredentialNews implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private consumption: Consumption | undefined;

  constructor(
    private readonly eventLog: EventLog,
    private readonly revocations: Revocations,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const keys = ['revoked', 'rotated', 'changed'].map((what) => `*.workspaces.keys.${what}`);
    this.consumption = await this.eventLog.consume(
      {
        name: 'gateway-credentials',
        filter: [...keys, 'platform.workspaces.tokens.revoked'],
        order: 'none',
        parallel: 8,
        attempts: 'unlimited',
        start: 'now',
      },
      async (event) => {
        await this.hear(event);
        return { kind: 'done' };
      },
    );
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.consumption?.stop(GRACE);
  }

  private async hear({ time, payload }: LoggedEvent): Promise<void> {
    const { key, token } = JSON.parse(new TextDecoder().decode(payload)) as JsonMap;
    if (typeof key === 'string') await this.revocations.revoke({ kind: 'key', id: key, at: time });
    if (typeof token === 'string') await this.revocations.revoke({ kind: 'token', id: token, at: time });
  }
}
