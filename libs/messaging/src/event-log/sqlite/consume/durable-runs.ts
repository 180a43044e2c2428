import { epochChanged, logClosed, positionExpired } from '../../refusals';
import type { Consumption, DeadLetters, Durable } from '../../event-log';
import type { Standing } from '../store/durable-table';
import { DurableRun } from './durable-run';
import { Hand } from '../../consume/hand';
import type { Handle } from '../../consume/hand';
import type { RunParts } from './run-parts';
import { SqliteDeadLetters } from './sqlite-dead-letters';
import type { Taken } from './taken';

/** The durables at work in this process. */
export class DurableRuns {
  readonly #runs = new Map<string, DurableRun>();
  /** Runs that save what they came to; a new run of the durable must not begin before. */
  readonly #endings = new Map<string, Promise<void>>();
  readonly #owners = new Map<Hand<Taken>, DurableRun>();
  #stopped = false;

  constructor(private readonly parts: RunParts) {}

  async consume(durable: Durable, handle: Handle): Promise<Consumption> {
    const hand = new Hand<Taken>(handle, durable.parallel);
    while (this.#endings.has(durable.name)) await this.#endings.get(durable.name);
    await this.parts.commit.run(
      () => this.#standingOf(durable),
      (standing) => this.#join(durable, standing, hand),
    );
    let left: Promise<void> | undefined;
    return { stop: (grace) => (left ??= this.#leave(hand, grace)) };
  }

  dead(durable: string): DeadLetters {
    return new SqliteDeadLetters(durable, this.parts, (letter) => this.#runs.get(durable)?.redrive(letter));
  }

  async saveAll(): Promise<void> {
    await Promise.all([...this.#runs.values()].map((run) => run.save()));
  }

  reloadAll(): void {
    for (const run of this.#runs.values()) run.reload();
  }

  /** Stops everything without grace. */
  async stopAll(): Promise<void> {
    this.#stopped = true;
    await Promise.all([...this.#owners.keys()].map((hand) => this.#leave(hand, 0)));
    await Promise.all(this.#endings.values());
  }

  async #leave(hand: Hand<Taken>, grace: number): Promise<void> {
    await this.#owners.get(hand)?.leave(hand, grace);
    this.#owners.delete(hand);
  }

  #join(durable: Durable, standing: Standing, hand: Hand<Taken>): void {
    const run = this.#runs.get(durable.name) ?? this.#begin(durable, standing);
    this.#owners.set(hand, run);
    run.join(hand);
  }

  #begin(durable: Durable, standing: Standing): DurableRun {
    const { name } = durable;
    const run = new DurableRun(durable, this.parts, standing, (saved) => {
      this.#runs.delete(name);
      this.#endings.set(name, saved);
      const forget = (): void => void this.#endings.delete(name);
      saved.then(forget, forget);
    });
    this.#runs.set(name, run);
    return run;
  }

  #standingOf(durable: Durable): Standing {
    if (this.#stopped) throw logClosed();
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
