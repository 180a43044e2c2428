import type { Consumption, EventLog, LoggedEvent } from '@millrace/messaging';
import type { Erasures } from '../../application/ports/erasures';
import { erasedBy } from '../../domain/leaving/erasure';

const GRACE = 5_000;
const TYPE = /^([a-z-]+)\.users\.erased$/;

/** Follows what the services say of persons they have erased. */
export class ErasedEvents {
  private consumption: Consumption | undefined;

  constructor(
    private readonly eventLog: Pick<EventLog, 'consume'>,
    private readonly erasures: Erasures,
  ) {}

  async start(): Promise<void> {
    this.consumption = await this.eventLog.consume(
      { name: 'gateway-erasures', filter: ['platform.*.users.erased'], order: 'none', parallel: 4, attempts: 'unlimited', start: 'first' },
      async (event) => {
        await this.note(event);
        return { kind: 'done' };
      },
    );
  }

  async stop(): Promise<void> {
    await this.consumption?.stop(GRACE);
  }

  private async note({ type, payload, time }: LoggedEvent): Promise<void> {
    const service = TYPE.exec(type)?.[1];
    const { user, counts } = JSON.parse(new TextDecoder().decode(payload)) as { user?: unknown; counts?: Record<string, number> };
    if (service === undefined || typeof user !== 'string') return;
    await this.erasures.change(user, (erasure) => erasedBy(erasure, service, { at: time, counts: counts ?? {} }));
  }
}
