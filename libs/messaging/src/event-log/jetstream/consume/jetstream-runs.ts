import { Hand } from '../../consume/hand';
import type { Handle } from '../../consume/hand';
import { RunsAtWork } from '../../consume/runs-at-work';
import type { Consumption, DeadLetters, Durable } from '../../event-log';
import { logClosed } from '../../refusals';
import { JetStreamDeadLetters } from '../letters/jetstream-dead-letters';
import { prepareConsumers } from './consumers';
import type { Held } from './held';
import { JetStreamRun } from './jetstream-run';
import type { RunParts } from './run-parts';

/** The durables at work in this process. */
export class JetStreamRuns {
  readonly #atWork = new RunsAtWork<Held, JetStreamRun>();

  constructor(private readonly parts: RunParts) {}

  async consume(durable: Durable, handle: Handle): Promise<Consumption> {
    const hand = new Hand<Held>(handle, durable.parallel);
    const { line, names, contents } = this.parts;
    await line.ask((jsm) => prepareConsumers(jsm, names, durable, () => contents.reach()));
    await this.#atWork.isFree(durable.name);
    if (this.#atWork.isStopped) throw logClosed();
    this.#atWork.join(durable.name, hand, (onEnd) => new JetStreamRun(durable, this.parts, onEnd));
    return this.#atWork.consumptionOf(hand);
  }

  dead(durable: string): DeadLetters {
    return new JetStreamDeadLetters(durable, this.parts.letters);
  }

  reloadAll(): void {
    for (const run of this.#atWork.all) run.reload();
  }

  /** Stops everything without grace. */
  stopAll(): Promise<void> {
    return this.#atWork.stopAll();
  }
}
