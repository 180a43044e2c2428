import type { LogNames } from '../server/log-names';
import type { Records } from '../server/records';
import type { Failures, Held } from './held';

/** Remembers which events of a durable failed, for whoever gets them next. */
export class FailureRecords {
  constructor(
    private readonly records: Records,
    private readonly names: LogNames,
    private readonly durable: string,
  ) {}

  async get(sequence: number): Promise<Failures | undefined> {
    const record = await this.records.get(this.names.failureSubject(this.durable, sequence));
    return record && (JSON.parse(new TextDecoder().decode(record.body)) as Failures);
  }

  /** Durable when it resolves. */
  async put({ offset, attempts, reason, firstFailedAt = 0, dueAt }: Held, begun: boolean): Promise<void> {
    const failures: Failures = { attempts, reason, firstFailedAt, dueAt, begun };
    await this.records.put(this.names.failureSubject(this.durable, offset), new TextEncoder().encode(JSON.stringify(failures)));
  }

  async delete(sequence: number): Promise<void> {
    await this.records.delete(this.names.failureSubject(this.durable, sequence));
  }
}
