import { demandAll, type Permission, type WorkspaceRights } from '@millrace/auth';
import type { History } from '@millrace/history';
import type { Page } from '@millrace/kernel';
import type { Filter } from '@millrace/language';
import type { CallContext, LoggedEvent } from '@millrace/messaging';
import { historyJson, historyMark, readCursor, writeCursor, type PageRequest } from '../cursors';
import type { FindRun } from './find-run';
import { demandReadable, viewOfFound } from './permitted-runs';

export interface ListRunEventsParts {
  readonly find: FindRun;
  readonly history: History;
  readonly rights: WorkspaceRights;
}

/** The events that a run told, oldest first, a moment after it did. */
export class ListRunEvents {
  constructor(private readonly parts: ListRunEventsParts) {}

  async run(context: CallContext, workspace: string, run: string, { limit, cursor }: PageRequest): Promise<Page<LoggedEvent>> {
    const { rights, find, history } = this.parts;
    const { id: workspaceId, permission } = await rights.permit(context, workspace, 'read', 'runs');
    const reading = await rights.permit(context, workspace, 'read', 'events');
    if (!reading.permission.fields.open) demandAll(reading.permission);
    demandReadable(permission, viewOfFound(await find.run(workspaceId, run)));
    const after = historyMark(readCursor(cursor));
    const { items, next } = await history.search({
      ...{ workspaceId, limit, sort: 'oldest' },
      where: among({ op: '=', field: 'source.run', value: run }, reading.permission),
      ...(after === undefined ? {} : { after }),
    });
    return { items, ...(next === undefined ? {} : { nextCursor: writeCursor(historyJson(next)) }) };
  }
}

function among(wanted: Filter, { query }: Permission): Filter {
  return typeof query === 'boolean' ? wanted : { op: 'and', filters: [query, wanted] };
}
