import type { History } from '@millrace/history';
import type { Measures } from '../measures';
import type { Readable } from '../reading/readable';
import { checkTypes, readField, readWhere } from '../filters';
import type { Among, Level, Measure, Table } from './question';
import { Tabulation } from './tabulate';

/** What to count in a workspace. */
export interface Aggregation extends Omit<Among, 'where' | 'types'> {
  readonly types: readonly string[];
  readonly where: string;
  readonly levels: readonly Level[];
  readonly measures: readonly Measure[];
  /** Which events the caller may count. */
  readonly readable: Readable;
}

export interface CountingParts {
  readonly history: History;
  readonly measures: Measures;
  /** Ends when an answer has taken too long. */
  readonly patience: () => AbortSignal;
}

/** Counts and measures events of the history, of those alone that the caller may read. */
export class AggregateEvents {
  constructor(private readonly parts: CountingParts) {}

  /** Refuses with `events.filter_invalid`, `events.field_hidden`, `events.too_costly`. */
  async run({ types, where, levels, measures, readable, ...among }: Aggregation): Promise<Table> {
    checkTypes(types);
    const wanted = where === '' ? undefined : readWhere(where);
    readable.demandOpen(wanted, '');
    levels.forEach((level, index) => {
      if ('field' in level) demandField(level.field, `/group/${index}/by`, readable);
    });
    measures.forEach(({ of }, index) => demandField(of, `/measure/${index}/of`, readable));
    const allowed = readable.among(wanted);
    const { history, patience, measures: timers } = this.parts;
    const done = timers.querySeconds.startTimer({ kind: 'aggregate' });
    const scope = { ...among, ...(types.length === 0 ? {} : { types }), ...(allowed === undefined ? {} : { where: allowed }) };
    const table = await new Tabulation(history, measures, patience()).of(scope, levels);
    done();
    return table;
  }
}

function demandField(field: string, pointer: string, readable: Readable): void {
  readable.demandField(readField(field, pointer), pointer);
}
