import type { History } from '@millrace/history';
import type { Filter } from '@millrace/language';

/** More than there are kinds of actors. */
const KINDS = 50;

/**
 * Counts the events that still hold the id of somebody who has left: as who did it, or in what they say. Nothing leads from the id to a person
 * any more. What is on its way into the history is not among them.
 */
export class CountKept {
  constructor(private readonly history: Pick<History, 'workspaces' | 'aggregate'>) {}

  async of(user: string): Promise<number> {
    const byThem: Filter = { op: '=', field: 'actor.id', value: user };
    let count = 0;
    for (const workspaceId of await this.history.workspaces()) {
      count += await this.count({ workspaceId, where: byThem });
      count += await this.count({ workspaceId, where: { op: 'not', filter: byThem }, text: `"${user.replaceAll('"', ' ')}"` });
    }
    return count;
  }

  private async count(among: { readonly workspaceId: string; readonly where: Filter; readonly text?: string }): Promise<number> {
    const buckets = await this.history.aggregate({ ...among, by: { field: 'actor.kind', limit: KINDS } });
    return buckets.reduce((sum, { count }) => sum + count, 0);
  }
}
