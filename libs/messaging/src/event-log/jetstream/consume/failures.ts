import { randomUUID } from 'node:crypto';
import type { LogNames } from '../server/log-names';
import type { Records } from '../server/records';
import type { Failures, Held } from './held';

/** As it is written: `begunBy` is whoever began the delivery that nobody reported. */
interface Written extends Omit<Failures, 'begun'> {
  readonly begunBy?: string;
}

/** Remembers which events of a durable failed, for whoever gets them next. */
export class FailureRecords {
  /** Who writes: what it began itself and is given again, it did not die of. */
  readonly #own = randomUUID();

  constructor(
    private readonly records: Records,
    private readonly names: LogNames,
    private readonly durable: string,
  ) {}

  async get(sequence: number): Promise<Failures | undefined> {
    const record = await this.records.get(this.names.failureSubject(this.durable, sequence));
    if (record === undefined) return undefined;
    const { begunBy = this.#own, ...failures } = JSON.parse(new TextDecoder().decode(record.body)) as Written;
    return { ...failures, begun: begunBy !== this.#own };
  }

  /** Durable when it resolves. */
  async put({ offset, attempts, reason, firstFailedAt = 0, dueAt }: Held, begun: boolean): Promise<void> {
    const written: Written = { attempts, reason, firstFailedAt, dueAt, ...(begun && { begunBy: this.#own }) };
    await this.records.put(this.names.failureSubject(this.durable, offset), new TextEncoder().encode(JSON.stringify(written)));
  }

  async delete(sequence: number): Promise<void> {
    await this.records.delete(this.names.failureSubject(this.durable, sequence));
  }
}
