import type { AggregateBucket, AggregateQuery, History } from '@millrace/history';
import { DomainError } from '@millrace/kernel';
import type { Filter } from '@millrace/language';
import { measure, type Measured } from '../../domain/counting/measuring';
import type { Spans } from '../../domain/counting/spans';
import type { Among, Level, Measure, Row, Table } from './question';

const MOST_ROWS = 2_000;
const EVERYTHING = Number.MAX_SAFE_INTEGER;

/** A group, and how it narrows what is counted. */
interface Group {
  readonly value: AggregateBucket['value'];
  readonly count: number;
  readonly among: Among;
}

/**
 * Counts the events of a workspace level by level: each group is counted by a question of its own, narrowed to it, so a list of values
 * counts in the inner groups as it does in the outer ones. When `patience` ends, or there are too many rows, `events.too_costly`.
 */
export class Tabulation {
  private readonly rows: Row[] = [];

  constructor(
    private readonly history: History,
    private readonly measures: readonly Measure[],
    private readonly patience: AbortSignal,
  ) {}

  async of(among: Among, levels: readonly Level[]): Promise<Table> {
    try {
      const count = await this.count(among);
      await this.descend(among, levels, { group: [], count });
      return { count, rows: this.rows };
    } catch (error) {
      if (this.patience.aborted) throw tooCostly('It takes longer than two seconds');
      throw error;
    }
  }

  private async descend(among: Among, [level, ...inner]: readonly Level[], { group, count }: Omit<Row, 'measures'>): Promise<void> {
    if (level === undefined) {
      if (this.rows.length >= MOST_ROWS) throw tooCostly(`It has more than ${MOST_ROWS} rows`);
      this.rows.push({ group, count, measures: await this.measure(among) });
      return;
    }
    for (const each of await this.groups(among, level)) {
      await this.descend(each.among, inner, { group: [...group, each.value], count: each.count });
    }
  }

  private async groups(among: Among, level: Level): Promise<readonly Group[]> {
    if ('spans' in level) return spansOf(await this.ask(among, { every: level.spans.grain }), level.spans, among);
    const buckets = await this.ask(among, level);
    return buckets.map(({ value, count }) => ({ value, count, among: having(among, { op: '=', field: level.field, value }) }));
  }

  private async measure(among: Among): Promise<readonly Measured[]> {
    const known = new Map<string, readonly AggregateBucket[]>();
    const measured: Measured[] = [];
    for (const { op, of: field } of this.measures) {
      const values = known.get(field) ?? (await this.ask(among, { field, limit: EVERYTHING }));
      known.set(field, values);
      measured.push(measure(op, values));
    }
    return measured;
  }

  private async count(among: Among): Promise<number> {
    return sumOf(await this.ask(among, { field: 'type', limit: EVERYTHING }));
  }

  private ask(among: Among, by: AggregateQuery['by']): Promise<readonly AggregateBucket[]> {
    this.patience.throwIfAborted();
    return this.history.aggregate({ ...among, by, signal: this.patience });
  }
}

/** The spans that hold something, each with no more than what is counted. */
function spansOf(buckets: readonly AggregateBucket[], spans: Spans, among: Among): readonly Group[] {
  const starts = Map.groupBy(buckets, ({ value }) => spans.startOf(Number(value)));
  return Array.from(starts, ([start, within]) => {
    const from = Math.max(start, among.from ?? start);
    const end = spans.endOf(start);
    return { value: start, count: sumOf(within), among: { ...among, from, to: Math.min(end, among.to ?? end) } };
  });
}

function having(among: Among, filter: Filter): Among {
  return { ...among, where: among.where === undefined ? filter : { op: 'and', filters: [among.where, filter] } };
}

function sumOf(buckets: readonly AggregateBucket[]): number {
  return buckets.reduce((sum, { count }) => sum + count, 0);
}

function tooCostly(what: string): DomainError {
  return new DomainError(
    'events.too_costly',
    'invalid',
    `${what}. Ask for less: a shorter time, types that you name, fewer levels or smaller limits, longer spans.`,
  );
}
