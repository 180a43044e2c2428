import type { History, ItemResult } from '@millrace/history';
import type { Clock } from '@millrace/kernel';
import type { Delivery, LoggedEvent, Outcome } from '@millrace/messaging';
import type { Log } from '@millrace/observability';
import { retryDelay } from '../domain/history/retry-delay';
import type { Measures } from './measures';

const LARGEST_BULK = 500;
const HEAVIEST_BULK = 4 * 1024 * 1024;
const BULKS_AT_ONCE = 2;

export interface IndexParts {
  readonly history: History;
  readonly clock: Clock;
  readonly measures: Measures;
  readonly log: Log;
  /** A number from 0 to 1, by chance. */
  readonly chance: () => number;
  /** Resolves when the store has had its rest after a bulk that took all there was: what comes meanwhile goes together. */
  readonly rest: () => Promise<void>;
}

interface Waiting {
  readonly event: LoggedEvent;
  readonly settle: (result: ItemResult) => void;
}

/**
 * Makes events findable. One that comes alone goes to the store at once; then the store rests for a moment, and what has come meanwhile goes
 * together: a bulk of ten costs little more than one of one. Each is done only when the store has answered for itself, so the log, not our memory, holds what the store has not taken.
 */
export class IndexHistory {
  private waiting: Waiting[] = [];
  private inFlight = 0;
  private isResting = false;

  constructor(private readonly parts: IndexParts) {}

  /** What becomes of a delivery: done when stored, again later while the store is busy, a dead letter when the store never takes it. */
  async index(event: LoggedEvent, { attempt }: Pick<Delivery, 'attempt'>): Promise<Outcome> {
    if (event.keep === 'log') return { kind: 'done' };
    const result = await new Promise<ItemResult>((settle) => {
      this.waiting.push({ event, settle });
      if (this.waiting.length === 1) queueMicrotask(() => this.flush());
    });
    this.parts.measures.indexed.inc({ result: result.kind });
    switch (result.kind) {
      case 'stored':
        this.parts.measures.searchableSeconds.observe((this.parts.clock.now() - event.recordedAt) / 1000);
        return { kind: 'done' };
      case 'busy':
        return { kind: 'retry', delay: retryDelay(attempt, this.parts.chance()), reason: result.reason };
      case 'refused':
        return { kind: 'dead', reason: result.reason };
    }
  }

  private flush(): void {
    while (!this.isResting && this.inFlight < BULKS_AT_ONCE && this.waiting.length > 0) {
      const bulk = this.waiting.splice(0, this.bulkSize());
      if (this.waiting.length === 0) this.restAWhile();
      this.inFlight += 1;
      void this.store(bulk).finally(() => {
        this.inFlight -= 1;
        this.flush();
      });
    }
  }

  private restAWhile(): void {
    this.isResting = true;
    void this.parts.rest().then(() => {
      this.isResting = false;
      this.flush();
    });
  }

  /** How many of those waiting fit into one bulk; at least one. */
  private bulkSize(): number {
    let bytes = 0;
    const over = this.waiting.findIndex(({ event }, index) => {
      bytes += event.payload.length;
      return index > 0 && (index >= LARGEST_BULK || bytes > HEAVIEST_BULK);
    });
    return over === -1 ? this.waiting.length : over;
  }

  /** A store that fails as a whole is busy for each: no fault of the events. */
  private async store(bulk: readonly Waiting[]): Promise<void> {
    const done = this.parts.measures.bulkSeconds.startTimer();
    const results = await this.parts.history.append(bulk.map(({ event }) => event)).catch((error: unknown) => {
      this.parts.log.warn('The history store took nothing of a bulk.', { error, events: bulk.length });
      return [];
    });
    done();
    bulk.forEach(({ settle }, index) =>
      settle(results[index] ?? { kind: 'busy', reason: 'The history store did not answer for this event.' }),
    );
  }
}
