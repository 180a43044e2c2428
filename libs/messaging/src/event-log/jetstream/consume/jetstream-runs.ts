import type { Consumption, DeadLetters, Durable } from '../../event-log';
import { Hand } from '../../consume/hand';
import type { Handle } from '../../consume/hand';
import { logClosed } from '../../refusals';
import { prepareConsumers } from './consumers';
import type { Held } from './held';
import { JetStreamDeadLetters } from '../letters/jetstream-dead-letters';
import { JetStreamRun } from './jetstream-run';
import type { RunParts } from './run-parts';

/** The durables at work in this process. */
export class JetStreamRuns {
  readonly #runs = new Map<string, JetStreamRun>();
  /** Runs that give back what they had; a new run of the durable must not begin before. */
  readonly #endings = new Map<string, Promise<void>>();
  readonly #owners = new Map<Hand<Held>, JetStreamRun>();
  #stopped = false;

  constructor(private readonly parts: RunParts) {}

  async consume(durable: Durable, handle: Handle): Promise<Consumption> {
    const hand = new Hand<Held>(handle, durable.parallel);
    const { line, names, contents } = this.parts;
    await line.ask((jsm) => prepareConsumers(jsm, names, durable, () => contents.reach()));
    while (this.#endings.has(durable.name)) await this.#endings.get(durable.name);
    if (this.#stopped) throw logClosed();
    const run = this.#runs.get(durable.name) ?? this.#begin(durable);
    this.#owners.set(hand, run);
    run.join(hand);
    let left: Promise<void> | undefined;
    return { stop: (grace) => (left ??= this.#leave(hand, grace)) };
  }

  dead(durable: string): DeadLetters {
    return new JetStreamDeadLetters(durable, this.parts.letters);
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

  async #leave(hand: Hand<Held>, grace: number): Promise<void> {
    await this.#owners.get(hand)?.leave(hand, grace);
    this.#owners.delete(hand);
  }

  #begin(durable: Durable): JetStreamRun {
    const { name } = durable;
    const run = new JetStreamRun(durable, this.parts, (ended) => {
      this.#runs.delete(name);
      this.#endings.set(name, ended);
      const forget = (): void => void this.#endings.delete(name);
      ended.then(forget, forget);
    });
    this.#runs.set(name, run);
    return run;
  }
}
