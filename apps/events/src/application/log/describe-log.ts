import { DomainError } from '@millrace/kernel';
import type { DurableStanding, EventLog, LogRange, Position } from '@millrace/messaging';

/** Dead letters that are counted at most. */
const MOST_LETTERS = 20;

/** How far a durable has come. Times in milliseconds since 1970. */
export interface DescribedDurable {
  readonly name: string;
  readonly lag: number;
  readonly oldestUndoneAt: number | undefined;
  /** 20: as many or more. */
  readonly deadLetters: number;
  readonly abandoned: boolean;
}

export interface DescribedLog extends LogRange {
  readonly firstRecordedAt: number | undefined;
  readonly days: number;
  readonly durables: readonly DescribedDurable[];
}

export interface DescribeParts {
  readonly eventLog: EventLog;
  /** Days that it keeps. */
  readonly days: number;
  readonly abandoned: readonly string[];
}

/** Shows the log as it stands. */
export class DescribeLog {
  constructor(private readonly parts: DescribeParts) {}

  async run(): Promise<DescribedLog> {
    const { eventLog, days } = this.parts;
    const [range, standings, firstRecordedAt] = await Promise.all([eventLog.range(), eventLog.durables(), this.recordedAt('first')]);
    const durables = await Promise.all(standings.map((standing) => this.describe(standing)));
    return { ...range, firstRecordedAt, days, durables };
  }

  private async describe({ name, lag, undone }: DurableStanding): Promise<DescribedDurable> {
    const { eventLog, abandoned } = this.parts;
    return {
      ...{ name, lag, abandoned: abandoned.includes(name) },
      deadLetters: (await eventLog.dead(name).list(MOST_LETTERS)).length,
      oldestUndoneAt: undone === undefined ? undefined : await this.recordedAt(undone),
    };
  }

  /** When the log took the first event from there on; undefined when there is none, or was a moment ago. */
  private async recordedAt(from: Position | 'first'): Promise<number | undefined> {
    try {
      for await (const { recordedAt } of this.parts.eventLog.read(from, '*.>', { live: false })) return recordedAt;
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'log.expired') throw error;
    }
    return undefined;
  }
}
