import type { NewEvent } from '@millrace/messaging';
import { SqliteEventLog, SqliteKeyValue } from '@millrace/messaging';
import { PinoLog } from '@millrace/observability';
import { SystemIds } from '@millrace/service';
import { VirtualTime } from '@millrace/testing';
import { LogNews } from '../src/application/log/log-news';
import { TrimLog } from '../src/application/log/trim-log';
import { KeyValueLeases } from '../src/infrastructure/key-value-leases';

export const DAY = 86_400_000;

/** A log in memory that is trimmed, in virtual time. */
export class KeptLog implements AsyncDisposable {
  readonly time = new VirtualTime(1_900_000_000_000);
  readonly log = new PinoLog('events', 'silent');
  readonly eventLog: SqliteEventLog;
  readonly keyValue = new SqliteKeyValue({ file: ':memory:', clock: this.time });
  private readonly ids = new SystemIds(this.time);
  private minted = 0;

  /** `capacity`: bytes. */
  constructor(capacity = 1_000_000_000) {
    this.eventLog = new SqliteEventLog({ file: ':memory:', clock: this.time, capacity });
  }

  /** What trims it, as one of several instances. Thirty days are kept. */
  async trimming(instance = 'one', abandoned: readonly string[] = []): Promise<TrimLog> {
    const leases = await KeyValueLeases.open(this.keyValue, instance);
    const { eventLog, log } = this;
    const news = new LogNews({ eventLog, clock: this.time, ids: this.ids, log });
    return new TrimLog({ eventLog, leases, news, clock: this.time, log, keep: 30 * DAY, abandoned });
  }

  /** So many events with a payload of so many bytes. */
  async say(count: number, bytes = 2): Promise<readonly string[]> {
    const payload = new TextEncoder().encode(JSON.stringify(bytes > 10 ? { s: 'x'.repeat(bytes - 8) } : {}));
    const events = Array.from({ length: count }, (): NewEvent => {
      this.minted += 1;
      return {
        ...{ id: `e${this.minted}`, workspaceId: 'ws_1', type: 'orders.paid', time: this.time.now(), payload },
        ...{ correlationId: 'c', actor: { kind: 'user', id: 'ada' }, source: {} },
      };
    });
    await this.eventLog.append(events);
    return events.map(({ id }) => id);
  }

  /** The ids of the events kept, or what was told by events of another type. */
  async kept(): Promise<readonly string[]> {
    const events = await Array.fromAsync(this.eventLog.read('first', 'ws_1.>', { live: false }));
    return events.map(({ id }) => id);
  }

  /** What the platform was told by events of a type. */
  async told(type: string): Promise<readonly unknown[]> {
    const events = await Array.fromAsync(this.eventLog.read('first', `platform.${type}`, { live: false }));
    return events.map(({ payload }) => JSON.parse(new TextDecoder().decode(payload)) as unknown);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.eventLog.close();
    await this.keyValue.close();
  }
}
