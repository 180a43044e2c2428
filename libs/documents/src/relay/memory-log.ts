import { DomainError } from '@millrace/kernel';
import {
  EventLog,
  type Appended,
  type Consumption,
  type DeadLetters,
  type LogRange,
  type NewEvent,
  type Position,
} from '@millrace/messaging';

/** What an append was asked. */
export interface AppendCall {
  readonly ids: readonly string[];
  readonly since: Position | undefined;
}

/** An event log for specs of the relay, with the faults they need. Only appending and the range work. */
export class MemoryLog extends EventLog {
  readonly calls: AppendCall[] = [];
  readonly events: NewEvent[] = [];
  /** Away: nothing reaches the log. Deaf: it takes the events but its answer is lost. */
  state: 'up' | 'away' | 'deaf' = 'up';
  refuses: (event: NewEvent) => boolean = () => false;
  /** Positions taken by others. */
  others = 0;
  /** Called at each append, before it is answered. */
  onAppend: () => void = () => undefined;

  async append(events: readonly NewEvent[], options: { readonly since?: Position } = {}): Promise<readonly Appended[]> {
    this.calls.push({ ids: events.map(({ id }) => id), since: options.since });
    this.onAppend();
    if (this.state === 'away') throw unavailable();
    const refused = events.find((event) => this.refuses(event));
    if (refused !== undefined) throw new DomainError('log.event_invalid', 'invalid', `${refused.id} is not fit for the log.`);
    const appended = events.map((event) => this.add(event));
    if (this.state === 'deaf') throw unavailable();
    return appended;
  }

  async range(): Promise<LogRange> {
    if (this.state === 'away') throw unavailable();
    return { epoch: 'e1', first: 1n, last: this.last(), bytes: 0, capacity: 1 };
  }

  at(): Promise<Position> {
    throw new Error('Not in this log.');
  }

  durables(): Promise<readonly never[]> {
    throw new Error('Not in this log.');
  }

  consume(): Promise<Consumption> {
    throw new Error('Not in this log.');
  }

  read(): AsyncIterable<never> {
    throw new Error('Not in this log.');
  }

  dead(): DeadLetters {
    throw new Error('Not in this log.');
  }

  remove(): Promise<void> {
    throw new Error('Not in this log.');
  }

  trim(): Promise<number> {
    throw new Error('Not in this log.');
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  private add(event: NewEvent): Appended {
    const known = this.events.findIndex(({ id }) => id === event.id);
    if (known === -1) this.events.push(event);
    const offset = known === -1 ? this.last() : BigInt(known + 1);
    return { id: event.id, position: { epoch: 'e1', offset }, recordedAt: 0, duplicate: known !== -1 };
  }

  private last(): bigint {
    return BigInt(this.events.length + this.others);
  }
}

function unavailable(): DomainError {
  return new DomainError('log.unavailable', 'unavailable', 'The log is away.');
}
