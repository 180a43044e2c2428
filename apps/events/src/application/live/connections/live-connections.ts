import { DomainError } from '@millrace/kernel';
import type { NewEvent } from '@millrace/messaging';
import { payloadOf } from '../../../domain/admission/payload';
import { byAge, type Connected, type Standing } from '../../../domain/live/connected';

/** The type of the events that tell that somebody closed a connection. */
export const CLOSED = 'events.connections.closed';

/** A socket or stream of this instance. */
export interface LiveConnection extends Standing {
  /** How it stands just now. */
  describe(): Connected;
  /** Says why, then lets go of it for good: its client is not to come back by itself. */
  dismiss(reason: DomainError): void;
}

/** Which connections somebody asks for. */
export interface RollQuestion {
  readonly workspaceId: string;
  /** Only the one of this id. */
  readonly id?: string;
  /** Only those that stand behind this one. */
  readonly after?: Standing;
  readonly limit: number;
}

/** The connections of this instance, by the workspace they follow. Which one was closed is said by the log, which every instance reads. */
export class LiveConnections {
  private readonly places = new Map<string, Map<string, LiveConnection>>();

  enter(place: string, connection: LiveConnection): void {
    const there = this.places.get(place) ?? new Map<string, LiveConnection>();
    this.places.set(place, there.set(connection.id, connection));
  }

  leave(place: string, { id }: LiveConnection): void {
    const there = this.places.get(place);
    there?.delete(id);
    if (there?.size === 0) this.places.delete(place);
  }

  /** Those that fit, the newest first. */
  list({ workspaceId, id, after, limit }: RollQuestion): readonly Connected[] {
    const there = [...(this.places.get(workspaceId)?.values() ?? [])];
    return there
      .filter((each) => (id === undefined || each.id === id) && (after === undefined || byAge(after, each) < 0))
      .sort(byAge)
      .slice(0, limit)
      .map((each) => each.describe());
  }

  /** The next event of the log. Answers how many connections it ends. */
  take({ workspaceId, type, payload }: NewEvent): number {
    if (type !== CLOSED) return 0;
    const { connection } = payloadOf(payload);
    const found = typeof connection === 'string' ? this.places.get(workspaceId)?.get(connection) : undefined;
    found?.dismiss(connectionClosed());
    return found === undefined ? 0 : 1;
  }
}

function connectionClosed(): DomainError {
  return new DomainError(
    'events.connection_closed',
    'forbidden',
    'Somebody who manages the events of this workspace has closed this connection. Ask them why before you connect again.',
  );
}
