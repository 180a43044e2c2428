import type { History } from '@millrace/history';
import type { CallContext, EventLog, LoggedEvent } from '@millrace/messaging';
import type { Page } from '@millrace/kernel';
import { readMark, writeMark } from '../domain/history/page-mark';
import type { Deeds } from './deeds';
import type { Measures } from './measures';
import { queryOf, type Search } from './search-history';

/** A question to the history of many workspaces. */
export interface WideSearch extends Omit<Search, 'workspaceId' | 'count' | 'q'> {
  /** Ids; none: all workspaces, and the platform itself. */
  readonly workspaces: readonly string[];
}

export interface WideSearchParts {
  readonly history: Pick<History, 'searchWidely'>;
  readonly eventLog: EventLog;
  readonly deeds: Deeds;
  readonly measures: Measures;
}

/** Searches over workspaces, for who runs the platform. */
export class SearchWidely {
  constructor(private readonly parts: WideSearchParts) {}

  /** One page. Who asked, and for what, is in the audit of the platform before anything is answered; while the log takes nothing, nothing is. */
  async run(context: CallContext, search: WideSearch): Promise<Page<LoggedEvent>> {
    const { history, measures } = this.parts;
    const { workspaces, cursor, readable } = search;
    const query = {
      ...queryOf(search),
      ...(workspaces.length === 0 ? {} : { workspaces }),
      ...(cursor === '' ? {} : { after: readMark(cursor) }),
    };
    await this.tell(context, search);
    const done = measures.querySeconds.startTimer({ kind: 'wide' });
    const { items, next } = await history.searchWidely(query);
    done();
    return { items: items.map((event) => readable.show(event)), ...(next === undefined ? {} : { nextCursor: writeMark(next) }) };
  }

  private async tell(context: CallContext, { workspaces, types, where, text, from, to }: WideSearch): Promise<void> {
    const { eventLog, deeds } = this.parts;
    const payload = {
      ...(workspaces.length === 0 ? {} : { workspaces }),
      ...(types.length === 0 ? {} : { types }),
      ...(where === '' ? {} : { where }),
      ...(text === '' ? {} : { text }),
      ...(from === undefined ? {} : { from: new Date(from).toISOString() }),
      ...(to === undefined ? {} : { to: new Date(to).toISOString() }),
    };
    await eventLog.append([deeds.of(context, { workspaceId: 'platform', type: 'events.platform.searched', payload })]);
  }
}
