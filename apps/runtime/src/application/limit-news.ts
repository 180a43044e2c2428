import { servicePrincipal, type Clock, type Ids } from '@millrace/kernel';
import type { EventLog } from '@millrace/messaging';
import type { Log } from '@millrace/observability';
import type { Use } from '../domain/nearly';
import type { Place } from './contexts/context-store';

/** Type of the event that tells a workspace of a limit that it has nearly reached. */
export const LIMITS_REACHED = 'runtime.limits.reached';

export interface LimitNewsParts {
  readonly eventLog: Pick<EventLog, 'append'>;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Pick<Log, 'warn'>;
  /** Told each time, with the name of the limit. */
  readonly onNear?: ((limit: string) => void) | undefined;
}

/** Tells workspaces, in the log, of contexts that are nearly as large as they may be. */
export class LimitNews {
  constructor(private readonly parts: LimitNewsParts) {}

  /** A context has grown over four fifths of what it may be. A log that takes nothing just now keeps nobody from writing. */
  async tell({ workspaceId, name: { context, owner, instance } }: Place, { limit, used, most }: Use): Promise<void> {
    const { eventLog, clock, ids, log, onNear } = this.parts;
    onNear?.(limit);
    const id = ids.mint('evt');
    const { kind, id: actor } = servicePrincipal('runtime');
    const payload = new TextEncoder().encode(JSON.stringify({ limit, used, most, context, owner, instance }));
    const event = { id, workspaceId, type: LIMITS_REACHED, time: clock.now(), correlationId: id, payload };
    await eventLog
      .append([{ ...event, actor: { kind, id: actor }, source: { service: 'runtime' } }])
      .catch((error: unknown) =>
        log.warn('A workspace was not told of a limit that it has nearly reached.', { error, limit, workspaceId }),
      );
  }
}
