import type { Collection } from '@millrace/documents';
import { servicePrincipal, type Clock, type Ids } from '@millrace/kernel';
import type { CallContext } from '@millrace/messaging';
import { giveUpFilling, isOver } from '../../domain/life';
import type { Workspace } from '../../domain/workspace';
import type { Facts } from '../facts';
import { unlessGone } from '../unless-gone';
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
      for (const { document } of over) await this.giveUp(document.id);
      if (over.length < PAGE) return;
    }
  }

  /** Removes a workspace whose time is over, or that is filled no more, with all that was put into it; any other stays. */
  async giveUp(id: string): Promise<void> {
    const { clock, workspaces } = this.parts;
    // Whoever fills it still cannot make it everybody's from now on.
    await workspaces.update(id, (document) => ({ document: giveUpFilling(document, clock.now()), events: [] })).catch(unlessGone);
    const left = await workspaces.find(id);
    // Nobody else ever knew of one that was not filled.
    if (left === undefined || isOver(left.document, clock.now())) await this.purge(id, left?.document.before === 'filling');
  }

  /** The workspace last: what a crash leaves is found by it, and the fact tells other services that theirs may go. */
  private async purge(id: string, quietly: boolean): Promise<void> {
    const { belongings, clock, facts, workspaces } = this.parts;
    const context = this.context();
    for (const each of belongings) await each.remove(context, id, quietly);
    const remove = (document: Workspace, revision: number) => {
      if (!isOver(document, clock.now())) return { document, events: [] };
      const fact = { workspaceId: id, type: 'workspaces.purged', payload: {}, subject: `workspace/${id}`, revision: revision + 1 };
      return { document: null, events: quietly ? [] : [facts.of(context, fact)] };
    };
    await workspaces.update(id, remove).catch(unlessGone);
  }

  private context(): CallContext {
    const { clock, ids } = this.parts;
    return { principal: servicePrincipal('workspaces'), correlationId: ids.mint('cor'), deadline: clock.now() + PATIENCE };
  }
}
