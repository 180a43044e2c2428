import type { DeadLetter, DeadLetters } from '@millrace/messaging';
import type { Link } from '../link';
import type { LogStore } from './log-store';

/** The dead letters of one durable, as one process has them. */
export class SimulatedDeadLetters implements DeadLetters {
  constructor(
    private readonly durable: string,
    private readonly store: LogStore,
    private readonly link: Pick<Link, 'ask'>,
  ) {}

  list(limit: number, after?: string): Promise<readonly DeadLetter[]> {
    return this.link.ask({ name: `dead.list ${this.durable}`, effect: () => this.#queue?.letters.list(limit, after) ?? [] });
  }

  get(id: string): Promise<DeadLetter | undefined> {
    return this.link.ask({ name: `dead.get ${this.durable}`, about: id, effect: () => this.#queue?.letters.find(id)?.content });
  }

  redrive(id: string): Promise<boolean> {
    const effect = (): boolean => this.#queue?.redrive(id) ?? false;
    return this.link.ask({ name: `dead.redrive ${this.durable}`, about: id, isDurable: true, effect });
  }

  discard(id: string): Promise<boolean> {
    const effect = (): boolean => this.#queue?.letters.discard(id) ?? false;
    return this.link.ask({ name: `dead.discard ${this.durable}`, about: id, isDurable: true, effect });
  }

  get #queue(): ReturnType<LogStore['durable']> {
    return this.store.durable(this.durable);
  }
}
