import type { Collection } from '@millrace/documents';
import { servicePrincipal, type Clock, type Ids } from '@millrace/kernel';
import type { CallContext } from '@millrace/messaging';
import { isOver } from '../../domain/life';
import type { Workspace } from '../../domain/workspace';
import type { Facts } from '../facts';
import type { Belonging } from './belongings';

export interface PurgeWorkspacesParts {
  readonly workspaces: Collection<Workspace>;
  /** Everything that workspaces keep here, besides themselves. */
  readonly belongings: readonly Belonging[];
  readonly facts: Facts;
  readonly clock: Clock;
  readonly ids: Ids;
}

const PAGE = 100;
const PATIENCE = 600_000;

/** Removes what deleted workspaces leave behind, once nothing can bring them back. Any number of instances may do so at once. */
export class PurgeWorkspaces {
  constructor(private readonly parts: PurgeWorkspacesParts) {}

  async run(): Promise<void> {
    const { clock, workspaces } = this.parts;
    for (;;) {
      const { items } = await workspaces.page({ where: { deleted: true }, by: 'purge', limit: PAGE });
      const over = items.filter(({ document }) => isOver(document, clock.now()));
      for (const { document } of over) await this.purge(document);
      if (over.length < PAGE) return;
    }
  }

  /** The workspace last: what a crash leaves is found by it, and the fact tells other services that theirs may go. */
  private async purge({ id }: Workspace): Promise<void> {
    const { belongings, facts, workspaces } = this.parts;
    const context = this.context();
    for (const each of belongings) await each.remove(context, id);
    await workspaces.update(id, (document, revision) => {
      const fact = { workspaceId: id, type: 'workspaces.purged', payload: {}, subject: `workspace/${id}`, revision: revision + 1 };
      return isOver(document, this.parts.clock.now()) ? { document: null, events: [facts.of(context, fact)] } : { document, events: [] };
    });
  }

  private context(): CallContext {
    const { clock, ids } = this.parts;
    return { principal: servicePrincipal('workspaces'), correlationId: ids.mint('cor'), deadline: clock.now() + PATIENCE };
  }
}
