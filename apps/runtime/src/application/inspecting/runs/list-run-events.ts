import type { WorkspaceRights } from '@millrace/auth';
import type { History } from '@millrace/history';
import type { Page } from '@millrace/kernel';
import type { CallContext, LoggedEvent } from '@millrace/messaging';
import { historyJson, historyMark, readCursor, writeCursor, type PageRequest } from '../cursors';
import type { FindRun } from './find-run';

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
    const { id: workspaceId } = await rights.require(context, workspace, 'read', 'runs');
    await rights.require(context, workspace, 'read', 'events');
    await find.run(workspaceId, run);
    const after = historyMark(readCursor(cursor));
    const { items, next } = await history.search({
      ...{ workspaceId, limit, sort: 'oldest' },
      where: { op: '=', field: 'source.run', value: run },
      ...(after === undefined ? {} : { after }),
    });
    return { items, ...(next === undefined ? {} : { nextCursor: writeCursor(historyJson(next)) }) };
  }
}
