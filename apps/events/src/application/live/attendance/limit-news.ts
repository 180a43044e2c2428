import { servicePrincipal, type Clock, type Ids } from '@millrace/kernel';
import type { EventLog } from '@millrace/messaging';
import type { Log } from '@millrace/observability';

const HOUR = 3_600_000;
/** Instances that find out within so many milliseconds tell it once. */
const MINUTE = 60_000;

export interface LimitNewsParts {
  readonly eventLog: EventLog;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
}

/** A limit of a workspace, or of somebody in it, that is nearly reached. */
export interface Nearly {
  readonly workspaceId: string;
  readonly limit: 'sockets' | 'subscriptions';
  /** Kind and id of whose limit it is; absent: it is the limit of the workspace. */
  readonly who?: string;
  readonly used: number;
  readonly most: number;
}

/** Tells workspaces, in the log, of limits that they have nearly reached: of each at most once an hour. */
export class LimitNews {
  private readonly toldAt = new Map<string, number>();

  constructor(private readonly parts: LimitNewsParts) {}

  /** A log that takes nothing just now keeps nobody out: that it could not be told is logged. */
  async tell({ workspaceId, limit, who = '', used, most }: Nearly): Promise<void> {
    const { eventLog, clock, ids, log } = this.parts;
    const time = clock.now();
    const about = `${workspaceId} ${limit} ${who}`;
    if (time - (this.toldAt.get(about) ?? Number.NEGATIVE_INFINITY) < HOUR) return;
    this.forget(time);
    this.toldAt.set(about, time);
    const id = ids.derive('evt', workspaceId, 'limits.reached', limit, who, String(Math.floor(time / MINUTE)));
    const { kind, id: actor } = servicePrincipal('events');
    const payload = new TextEncoder().encode(JSON.stringify({ limit, used, most, ...(who === '' ? {} : { who }) }));
    const event = { id, workspaceId, type: 'events.limits.reached', time, correlationId: id, payload };
    await eventLog
      .append([{ ...event, actor: { kind, id: actor }, source: { service: 'events' } }])
      .catch((error: unknown) => log.warn('A workspace was not told of a limit that it has nearly reached.', { error, limit }));
  }

  private forget(now: number): void {
    for (const [about, at] of this.toldAt) if (now - at >= HOUR) this.toldAt.delete(about);
  }
}
