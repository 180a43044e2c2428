import type { History } from '@millrace/history';
import { servicePrincipal, type Clock, type Ids } from '@millrace/kernel';
import type { EventLog } from '@millrace/messaging';
import type { Log } from '@millrace/observability';
import type { Retentions } from '../ports/retentions';
import { expired } from './rules';

const AT_ONCE = 200;

export interface PurgeParts {
  /** With what has expired. */
  readonly history: History;
  readonly retentions: Retentions;
  readonly eventLog: EventLog;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  /** Resolves when the store has had its rest between two removals. */
  readonly rest: () => Promise<void>;
}

/**
 * Removes what is kept no longer. It remembers nothing: whatever stopped it, it goes on where there is something left, and two that run at once
 * do no harm. It needs the history alone; that the log cannot be told just now stops it not.
 */
export class Purge {
  constructor(private readonly parts: PurgeParts) {}

  /** Every workspace, one after the other, until told to stop. What fails in one is logged, and tried again the next time. */
  async all(signal: AbortSignal): Promise<void> {
    for (const workspaceId of await this.parts.history.workspaces()) {
      if (signal.aborted) return;
      await this.one(workspaceId, signal).catch((error: unknown) => {
        this.parts.log.warn('What a workspace keeps no longer could not be removed.', { error, workspaceId });
      });
    }
  }

  /** One workspace, which is told; answers how many events are gone. */
  async one(workspaceId: string, signal: AbortSignal): Promise<number> {
    let count = 0;
    const isGone = this.parts.retentions.of(workspaceId).some(({ days }) => days === 0);
    try {
      for await (const removed of this.pages(workspaceId, signal)) count += removed;
    } finally {
      // Who is gone for good is told nothing: it would have to be removed, and told again.
      if (count > 0 && !isGone) await this.tell(workspaceId, count);
    }
    return count;
  }

  /** As `one`, and nobody is told. */
  async clear(workspaceId: string, signal: AbortSignal): Promise<number> {
    let count = 0;
    for await (const removed of this.pages(workspaceId, signal)) count += removed;
    return count;
  }

  /** Removes page by page; yields how many were on each. */
  private async *pages(workspaceId: string, signal: AbortSignal): AsyncGenerator<number> {
    const { history, retentions, clock, rest } = this.parts;
    while (!signal.aborted) {
      const where = expired(retentions.of(workspaceId), clock.now());
      const { items } = await history.search({ workspaceId, where, sort: 'oldest', limit: AT_ONCE });
      if (items.length === 0) return;
      yield await history.remove(
        workspaceId,
        items.map(({ id }) => id),
      );
      await rest();
    }
  }

  private async tell(workspaceId: string, count: number): Promise<void> {
    const { eventLog, ids, clock, log } = this.parts;
    const id = ids.mint('evt');
    const { kind, id: actor } = servicePrincipal('events');
    const event = {
      ...{ id, workspaceId, type: 'events.purged', time: clock.now(), correlationId: id },
      ...{ actor: { kind, id: actor }, source: { service: 'events' }, payload: new TextEncoder().encode(JSON.stringify({ count })) },
    };
    await eventLog
      .append([event])
      .catch((error: unknown) => log.warn('The log was not told what was purged.', { error, workspaceId, count }));
  }
}
