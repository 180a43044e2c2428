import type { Filter } from '@millrace/language';
import type { Spans } from '../../domain/counting/spans';
import type { Readable } from '../reading/readable';
import type { CountingParts } from './aggregate-events';
import type { Among, Measure, Table } from './question';
import { Tabulation } from './tabulate';

export interface UsageQuestion {
  readonly workspaceId: string;
  /** Milliseconds since 1970, `from` inclusive, `to` exclusive. */
  readonly from: number;
  readonly to?: number;
  readonly spans: Spans;
  /** An installed app; absent: the whole workspace. */
  readonly app?: string;
  readonly readable: Readable;
}

/** What went on in a period that begins at `from`. */
export interface Usage {
  readonly from: number;
  readonly events: number;
  readonly runs: number;
  readonly calls: number;
  readonly sessions: number;
  readonly users: number;
}

const RUNS = ['runtime.runs.finished'];
const BY_ENDPOINT = { op: '=', field: 'payload.trigger.type', value: 'endpoint' } satisfies Filter;
const BY_PEOPLE: Filter = { op: '=', field: 'actor.kind', value: 'user' };
const SESSIONS: Measure = { op: 'distinct', of: 'source.session' };
const USERS: Measure = { op: 'distinct', of: 'actor.id' };

/** Tells how much a workspace was used, by what the caller may read of its events. */
export class GetUsage {
  constructor(private readonly parts: CountingParts) {}

  /** The periods in which something happened, the earliest first. Refuses with `events.field_hidden`, `events.too_costly`. */
  async run({ readable, app, spans, ...span }: UsageQuestion): Promise<readonly Usage[]> {
    for (const field of [SESSIONS.of, USERS.of, BY_ENDPOINT.field, 'source.app']) readable.demandField(field, '/every');
    const done = this.parts.measures.querySeconds.startTimer({ kind: 'usage' });
    const patience = this.parts.patience();
    const ask = (narrower: Pick<Among, 'types'>, filters: readonly Filter[], measures: readonly Measure[] = []): Promise<Table> => {
      const ofApp: readonly Filter[] = app === undefined ? [] : [{ op: '=', field: 'source.app', value: app }];
      const where = readable.among(allOf([...ofApp, ...filters]));
      const among = { ...span, ...narrower, ...(where === undefined ? {} : { where }) };
      return new Tabulation(this.parts.history, measures, patience).of(among, [{ spans }]);
    };
    const all = await ask({}, [], [SESSIONS]);
    const [people, runs, calls] = [
      await ask({}, [BY_PEOPLE], [USERS]),
      await ask({ types: RUNS }, []),
      await ask({ types: RUNS }, [BY_ENDPOINT]),
    ];
    done();
    return all.rows.map(({ group: [from] }) => ({
      from: Number(from),
      events: at(all, from).count,
      runs: at(runs, from).count,
      calls: at(calls, from).count,
      sessions: at(all, from).measured,
      users: at(people, from).measured,
    }));
  }
}

/** What a table says of the period that begins at `from`; what it does not speak of did not happen. */
function at({ rows }: Table, from: unknown): { readonly count: number; readonly measured: number } {
  const row = rows.find(({ group }) => group[0] === from);
  return { count: row?.count ?? 0, measured: row?.measures[0]?.value ?? 0 };
}

function allOf(filters: readonly Filter[]): Filter | undefined {
  return filters.length > 1 ? { op: 'and', filters } : filters[0];
}
