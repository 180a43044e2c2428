import type { History } from '@millrace/history';
import { DomainError, type Clock, type Ids } from '@millrace/kernel';
import type { CallContext, EventLog, LoggedEvent } from '@millrace/messaging';
import { isRebuilt } from '../../domain/history/rebuilt';
import type { Deeds } from '../deeds';
import type { Leases } from '../ports/leases';
import type { KeptRebuild, Rebuild, Rebuilds } from '../ports/rebuilds';
import type { Retentions } from '../ports/retentions';
import { isExpired } from '../retention/rules';
import type { LogNews } from './log-news';

const LEASE = 'history-rebuild';
/** Milliseconds after which another instance goes on; taken again for each portion. */
const LEASE_LIFE = 15_000;
const MOST_AT_ONCE = 500;
const HEAVIEST_AT_ONCE = 4 * 1024 * 1024;

export interface RebuildParts {
  readonly eventLog: EventLog;
  /** With what has expired. */
  readonly history: Pick<History, 'append'>;
  readonly retentions: Retentions;
  readonly rebuilds: Rebuilds;
  readonly leases: Leases;
  readonly news: LogNews;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly deeds: Deeds;
  /** Resolves when the store has had its rest: a short one between portions, a long one when it could not take one. */
  readonly rest: (isBusy: boolean) => Promise<void>;
  /** Told that there is something to do. */
  readonly begun: () => void;
}

/**
 * Fills the history from the log: it gets what it lacks, and what it has stays. How far that is, is written down after each portion, so whoever is
 * killed at it is followed by another, who does at most one portion again; and that changes nothing.
 */
export class RebuildHistory {
  constructor(private readonly parts: RebuildParts) {}

  /** Begins one, unless one goes on: then that one is answered. Who asked is in the audit of the platform before. */
  async begin(context: CallContext): Promise<Rebuild> {
    const { rebuilds, begun } = this.parts;
    for (;;) {
      const kept = await rebuilds.read();
      const isGoingOn = kept !== undefined && kept.rebuild.finishedAt === undefined;
      const rebuild = isGoingOn ? kept.rebuild : await this.another(context);
      if (!isGoingOn && (await rebuilds.write(rebuild, kept?.revision ?? 0)) === undefined) continue;
      begun();
      return rebuild;
    }
  }

  private async another(context: CallContext): Promise<Rebuild> {
    const { eventLog, clock, ids, deeds } = this.parts;
    const { epoch, first: next, last } = await eventLog.range();
    const id = ids.mint('reb');
    await eventLog.append([deeds.of(context, { workspaceId: 'platform', type: 'events.rebuilds.begun', payload: { rebuild: id } })]);
    return { id, startedAt: clock.now(), epoch, next, last, events: 0, skipped: 0, refused: 0 };
  }

  /** The last one. Refuses with `events.rebuild_not_found` when there was none. */
  async show(): Promise<Rebuild> {
    const kept = await this.parts.rebuilds.read();
    if (kept === undefined) throw notFound();
    return kept.rebuild;
  }

  /** Works on the one that goes on, if there is one and no other instance does, to its end or until told to stop. */
  async goOn(signal: AbortSignal): Promise<void> {
    const { rebuilds, leases, rest } = this.parts;
    let kept = await rebuilds.read();
    while (kept !== undefined && kept.rebuild.finishedAt === undefined && !signal.aborted) {
      if (!(await leases.take(LEASE, LEASE_LIFE))) return;
      const next = await this.further(kept.rebuild);
      if (next !== undefined) kept = await this.write(kept, next);
      await rest(next === undefined);
    }
    await leases.giveUp(LEASE);
  }

  /** Lets another instance go on at once. */
  giveUp(): Promise<void> {
    return this.parts.leases.giveUp(LEASE);
  }

  /** When somebody else wrote meanwhile, what they wrote counts. */
  private async write({ revision }: KeptRebuild, rebuild: Rebuild): Promise<KeptRebuild | undefined> {
    const written = await this.parts.rebuilds.write(rebuild, revision);
    return written === undefined ? this.parts.rebuilds.read() : { rebuild, revision: written };
  }

  /** After one portion more; undefined when the store could not take it now. */
  private async further(rebuild: Rebuild): Promise<Rebuild | undefined> {
    if (rebuild.next > rebuild.last) return this.finish(rebuild);
    const portion = await this.portion(rebuild);
    if (portion === undefined) return this.beginAgain(rebuild);
    const { clock, retentions, history } = this.parts;
    const wanted = portion.filter((event) => isRebuilt(event) && !isExpired(retentions.of(event.workspaceId), event, clock.now()));
    const results = wanted.length === 0 ? [] : await history.append(wanted);
    if (results.some(({ kind }) => kind === 'busy')) return undefined;
    const refused = results.filter(({ kind }) => kind === 'refused').length;
    return {
      ...rebuild,
      next: (portion.at(-1)?.position.offset ?? rebuild.last) + 1n,
      events: rebuild.events + wanted.length - refused,
      skipped: rebuild.skipped + portion.length - wanted.length,
      refused: rebuild.refused + refused,
    };
  }

  /** The next events, none behind the last one; undefined when the log has them no longer. */
  private async portion({ epoch, next, last }: Rebuild): Promise<readonly LoggedEvent[] | undefined> {
    const events: LoggedEvent[] = [];
    let bytes = 0;
    try {
      for await (const event of this.parts.eventLog.read({ epoch, offset: next }, '*.>', { live: false })) {
        if (event.position.offset > last) break;
        events.push(event);
        bytes += event.payload.length;
        if (events.length === MOST_AT_ONCE || bytes > HEAVIEST_AT_ONCE) break;
      }
    } catch (error) {
      if (error instanceof DomainError && (error.code === 'log.expired' || error.code === 'log.epoch_changed')) return undefined;
      throw error;
    }
    return events;
  }

  /** From the beginning that the log has now. Of another log all is to be read. */
  private async beginAgain(rebuild: Rebuild): Promise<Rebuild> {
    const { epoch, first: next, last } = await this.parts.eventLog.range();
    return epoch === rebuild.epoch ? { ...rebuild, next } : { ...rebuild, epoch, next, last };
  }

  private async finish(rebuild: Rebuild): Promise<Rebuild> {
    const { news, clock, ids } = this.parts;
    const { id, events, skipped, refused } = rebuild;
    await news.tell('events.rebuilt', { rebuild: id, events, skipped, refused }, ids.derive('evt', id, 'rebuilt'));
    return { ...rebuild, finishedAt: clock.now() };
  }
}

function notFound(): DomainError {
  const message = 'The history was never rebuilt. POST /v1/platform/history:rebuild begins.';
  return new DomainError('events.rebuild_not_found', 'not-found', message);
}
