import { epochChanged, logClosed, positionExpired } from '../../refusals';
import type { Consumption, DeadLetters, Durable } from '../../event-log';
import type { Standing } from '../store/durable-table';
import { DurableRun } from './durable-run';
import { Hand } from '../../consume/hand';
import type { Handle } from '../../consume/hand';
import { RunsAtWork } from '../../consume/runs-at-work';
import type { RunParts } from './run-parts';
import { SqliteDeadLetters } from './sqlite-dead-letters';
import type { Taken } from './taken';

/** The durables at work in this process. */
export class DurableRuns {
  readonly #atWork = new RunsAtWork<Taken, DurableRun>();

  constructor(private readonly parts: RunParts) {}

  async consume(durable: Durable, handle: Handle): Promise<Consumption> {
    const hand = new Hand<Taken>(handle, durable.parallel);
    await this.#atWork.isFree(durable.name);
    await this.parts.commit.run(
      () => this.#standingOf(durable),
      (standing) => this.#atWork.join(durable.name, hand, (onEnd) => new DurableRun(durable, this.parts, standing, onEnd)),
    );
    return this.#atWork.consumptionOf(hand);
  }

  dead(durable: string): DeadLetters {
    return new SqliteDeadLetters(durable, this.parts, (letter) => this.#atWork.of(durable)?.redrive(letter));
  }

  async saveAll(): Promise<void> {
    await Promise.all(this.#atWork.all.map((run) => run.save()));
  }

  reloadAll(): void {
    for (const run of this.#atWork.all) run.reload();
  }

  /** Stops everything without grace. */
  stopAll(): Promise<void> {
    return this.#atWork.stopAll();
  }

  #standingOf(durable: Durable): Standing {
    if (this.#atWork.isStopped) throw logClosed();
    return this.parts.durables.begin(durable.name, () => this.#startOf(durable));
  }

  /** The offset before the first event a new durable gets. */
  #startOf({ start }: Durable): number {
    const { contents } = this.parts;
    if (start === 'first') return contents.first - 1;
    if (start === 'now') return contents.last;
    if (start.epoch !== contents.limits.epoch) throw epochChanged(start, contents.limits.epoch);
    if (start.offset < contents.first) throw positionExpired(start, contents.first);
    return Number(start.offset) - 1;
  }
}
