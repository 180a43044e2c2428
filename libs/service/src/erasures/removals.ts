import type { Clock, Ids, JsonMap } from '@millrace/kernel';
import type { EventLog, LoggedEvent, Outcome, Pattern } from '@millrace/messaging';
import { Follower } from '../follower';

/** How many of what was removed. */
export type Counts = Readonly<Record<string, number>>;

/** What every removal stands on. */
export interface RemovalParts {
  readonly service: string;
  readonly eventLog: Pick<EventLog, 'append' | 'consume'>;
  readonly clock: Clock;
  readonly ids: Ids;
}

/** What is removed for an event, and how that is told. */
export interface Removal {
  /** Of the durable that hears of it: behind the name of the service. */
  readonly durable: string;
  readonly filter: Pattern;
  /** Behind the name of the service: the type of the event that tells that it was done. */
  readonly told: string;
  /** Who or what has left, by an event; undefined: nobody. */
  readonly of: (event: LoggedEvent) => string | undefined;
  /** Removes all there is of it. Done again when anything went wrong. */
  readonly remove: (left: string, event: LoggedEvent) => Promise<Counts>;
  /** What is told. */
  readonly payload: (left: string, counts: Counts) => JsonMap;
}

/** Removes what a service keeps once an event says that it has to go: again until it succeeds, also after the service was away; and says so, once. */
export class Removals extends Follower {
  constructor(
    private readonly parts: RemovalParts,
    private readonly removal: Removal,
  ) {
    const { durable, filter } = removal;
    super(parts.eventLog, { name: `${parts.service}-${durable}`, filter: [filter], order: 'none', parallel: 2, start: 'first' });
  }

  protected async hear(event: LoggedEvent): Promise<Outcome> {
    const left = this.removal.of(event);
    if (left !== undefined) await this.tell(left, await this.removal.remove(left, event), event);
    return { kind: 'done' };
  }

  private async tell(left: string, counts: Counts, { id, correlationId }: LoggedEvent): Promise<void> {
    const { service, eventLog, clock, ids } = this.parts;
    const type = `${service}.${this.removal.told}`;
    await eventLog.append([
      {
        id: ids.derive('evt', type, left),
        ...{ workspaceId: 'platform', type, time: clock.now(), correlationId, causationId: id },
        payload: new TextEncoder().encode(JSON.stringify(this.removal.payload(left, counts))),
        actor: { kind: 'service', id: service },
        source: { service },
      },
    ]);
  }
}
