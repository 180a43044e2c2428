import { hash } from 'node:crypto';
import type { Clock, Ids } from '@millrace/kernel';
import type { Consumption, EventLog, LoggedEvent } from '@millrace/messaging';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';

const GRACE = 5_000;

export interface PersonErasuresParts {
  readonly service: string;
  readonly eventLog: Pick<EventLog, 'append' | 'consume'>;
  readonly clock: Clock;
  readonly ids: Ids;
  /** Erases what the service keeps of the person; answers how many of what. Done again when anything went wrong, so it must bear that. */
  readonly erase: (user: string, event: LoggedEvent) => Promise<Readonly<Record<string, number>>>;
}

/**
 * What every service that keeps something of people does when one has left (`gateway.users.deleted`): it erases, and says so by
 * `<service>.users.erased {user, counts, digest}` on the log. A service that was away does so when it is back.
 */
export class PersonErasures implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private consumption: Consumption | undefined;

  constructor(private readonly parts: PersonErasuresParts) {}

  async onApplicationBootstrap(): Promise<void> {
    const { service, eventLog } = this.parts;
    this.consumption = await eventLog.consume(
      {
        name: `${service}-erasures`,
        filter: ['platform.gateway.users.deleted'],
        order: 'none',
        parallel: 2,
        attempts: 'unlimited',
        start: 'first',
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

  private async hear(event: LoggedEvent): Promise<void> {
    const { user } = JSON.parse(new TextDecoder().decode(event.payload)) as { readonly user?: unknown };
    if (typeof user !== 'string') return;
    const counts = await this.parts.erase(user, event);
    await this.tell(user, counts, event);
  }

  private async tell(user: string, counts: Readonly<Record<string, number>>, { id, correlationId }: LoggedEvent): Promise<void> {
    const { service, eventLog, clock, ids } = this.parts;
    const type = `${service}.users.erased`;
    const payload = { user, counts, digest: hash('sha256', user) };
    await eventLog.append([
      {
        id: ids.derive('evt', type, user),
        ...{ workspaceId: 'platform', type, time: clock.now(), correlationId, causationId: id },
        payload: new TextEncoder().encode(JSON.stringify(payload)),
        actor: { kind: 'service', id: service },
        source: { service },
      },
    ]);
  }
}
