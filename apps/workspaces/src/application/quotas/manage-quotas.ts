import { DomainError, type Clock } from '@millrace/kernel';
import type { CallContext } from '@millrace/messaging';
import type { Conditions, Revised } from '../../domain/draft';
import { PLATFORM_LIMITS, usageOf, type Limits, type QuotaName, type SetQuotas } from '../../domain/quotas/quotas';
import { workspaceMissing } from '../../domain/workspace';
import type { Access } from '../access';
import type { Drafts } from '../drafts';
import { answering, ensure } from '../ensure';
import { knownOnly } from '../expected-revision';
import type { Facts } from '../facts';
import { isOperator } from '../rights/is-operator';
import type { Counted } from './counted';
import type { QuotaBook } from './quota-book';

/** A most, and how much of it is used. */
export interface QuotaView {
  readonly name: string;
  readonly most: number;
  readonly used: number;
  readonly source: 'platform' | 'workspace';
}

/** The quotas of a workspace, and the revision of what was set for it; 0: nothing was. */
export interface QuotasView {
  readonly items: readonly QuotaView[];
  readonly revision: number;
}

export interface ManageQuotasParts {
  readonly access: Access;
  readonly drafts: Drafts;
  readonly book: QuotaBook;
  /** What no operator sets. */
  readonly counted: readonly Counted[];
  readonly facts: Facts;
  readonly clock: Clock;
}

/** Shows the quotas of a workspace, and lets the platform's operators set them. */
export class ManageQuotas {
  constructor(private readonly parts: ManageQuotasParts) {}

  async show(context: CallContext, name: string): Promise<QuotasView> {
    const { workspace } = await this.parts.access.require(context, name, 'read', 'workspaces');
    return this.view(workspace.id);
  }

  /** What is set to 0 is as for all again. What there is too much of already stays, and grows no more. */
  async set(context: CallContext, name: string, changes: Partial<Limits>, conditions: Conditions): Promise<QuotasView> {
    const { access, book, clock, facts } = this.parts;
    if (!isOperator(context.principal)) await this.refuse(context, name);
    const found = await access.find(name);
    if (found === undefined) throw workspaceMissing(name);
    const workspaceId = found.document.id;
    const demand = knownOnly(conditions);
    await ensure(book.quotas, workspaceId, () => ({ workspaceId, limits: {} }));
    await answering(book.quotas, workspaceId, (document, revision) => {
      demand('The quotas', revisedOf(document, revision));
      const next = { ...changed(document, changes), updatedBy: context.principal.id, updatedAt: clock.now() };
      const payload = { changed: Object.keys(changes) };
      const fact = { workspaceId, type: 'workspaces.quotas.changed', payload, subject: `workspace/${workspaceId}`, revision: revision + 1 };
      return { document: next, events: [facts.of(context, fact)], result: undefined };
    });
    return this.view(workspaceId);
  }

  private async view(workspaceId: string): Promise<QuotasView> {
    const { book, counted, drafts } = this.parts;
    const set = await book.find(workspaceId);
    const limits = await book.of(workspaceId);
    const used = usageOf(await drafts.read(workspaceId));
    const items = (Object.keys(PLATFORM_LIMITS) as QuotaName[]).map((name): QuotaView => {
      const source = set?.document.limits[name] === undefined ? 'platform' : 'workspace';
      return { name, most: limits[name], used: used[name], source };
    });
    const others = counted.map(async ({ name, most, count }): Promise<QuotaView> => {
      return { name, most, used: await count(workspaceId), source: 'platform' };
    });
    return { items: [...items, ...(await Promise.all(others))], revision: set === undefined ? 0 : timesSet(set.revision) };
  }

  /** Who may know of the workspace is told what they lack; others, that there is none. */
  private async refuse(context: CallContext, name: string): Promise<never> {
    await this.parts.access.enter(context, name);
    throw new DomainError(
      'quotas.update_denied',
      'forbidden',
      'Only operators of the platform set quotas (platform-operator, platform-admin).',
    );
  }
}

/** Making the empty document counts one. */
function timesSet(revision: number): number {
  return revision - 1;
}

/** How often quotas were set, and by whom last. */
function revisedOf({ updatedBy = 'nobody', updatedAt = 0 }: SetQuotas, revision: number): Revised {
  return { revision: timesSet(revision), updatedBy, updatedAt };
}

function changed({ workspaceId, limits }: SetQuotas, changes: Partial<Limits>): SetQuotas {
  const entries = Object.entries({ ...limits, ...changes }).filter(([, most]) => most > 0);
  return { workspaceId, limits: Object.fromEntries(entries) };
}
