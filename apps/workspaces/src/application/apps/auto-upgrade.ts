import type { Collection } from '@millrace/documents';
import { DomainError, type Principal } from '@millrace/kernel';
import type { CallContext } from '@millrace/messaging';
import type { Installation } from '../../domain/apps/installation';
import { findLocked, type Installed, type Locked } from '../../domain/apps/installed';
import type { Reach } from '../../domain/apps/number';
import { morePermissions, NO_PERMISSIONS } from '../../domain/apps/permissions';
import type { Workspace } from '../../domain/workspace';
import type { InstalledNow, InstalledState } from './installed-state';
import { lockOf, type Chosen, type Instances } from './instances';

export interface AutoUpgradeParts {
  readonly workspaces: Collection<Workspace>;
  readonly installations: Collection<Installation>;
  readonly instances: Instances;
  readonly state: InstalledState;
}

/** An instance that may be moved on. */
interface Candidate {
  readonly owner: string;
  readonly now: InstalledNow;
  readonly entry: Installed;
  readonly locked: Locked;
}

/** Moves installed apps on to versions that have been published, as far as their workspaces want that and their owners could do it. */
export class AutoUpgrade {
  constructor(private readonly parts: AutoUpgradeParts) {}

  /**
   * Moves every instance of an app on, in the draft, as an upgrade by hand does: never beyond its range, and never to what may do more, for which
   * `apps.consent.asked` is told. One that does not fit stays as it is. Throws what a repetition mends; repeated, it changes nothing more.
   */
  async run(context: CallContext, app: string): Promise<void> {
    for await (const { document } of this.parts.installations.each({ where: { app } })) {
      await this.workspace(context, document.workspaceId, app);
    }
  }

  private async workspace(context: CallContext, id: string, app: string): Promise<void> {
    const workspace = (await this.parts.workspaces.find(id))?.document;
    const { autoUpgrade: reach = 'none', owner = '', state } = workspace ?? {};
    if (reach === 'none' || state !== 'active') return;
    const { installed } = await this.parts.instances.read(id);
    for (const { slug } of installed.filter((one) => one.app === app)) {
      await this.instance(context, { id, owner, slug, reach }).catch(unlessItStays);
    }
  }

  /** Read anew for each: another one of the same app was just written. */
  private async instance(
    context: CallContext,
    { id, owner, slug, reach }: { readonly id: string; readonly owner: string; readonly slug: string; readonly reach: Reach },
  ): Promise<void> {
    const { instances } = this.parts;
    const now = await instances.read(id);
    const entry = instances.entry(now, slug);
    const locked = findLocked(now.lock, slug);
    if (locked === undefined) return;
    const chosen = await instances.next({ ...context, principal: ownerOf(owner) }, id, entry, locked, reach);
    if (chosen !== undefined) await this.move(context, { owner, now, entry, locked }, chosen);
  }

  private async move(context: CallContext, { owner, now, entry, locked }: Candidate, chosen: Chosen): Promise<void> {
    const { instances, state } = this.parts;
    const { workspaceId } = now.draft;
    const view = await instances.view({ ...context, principal: ownerOf(owner) }, now, entry.slug);
    const { number, permissions } = chosen.version;
    const isSame = view.consented && locked.consent === permissions;
    if (!isSame && !(await instances.hasConsent(workspaceId, lockOf(chosen)))) {
      const added = morePermissions(view.contract?.permissions ?? NO_PERMISSIONS, chosen.contract.permissions);
      return state.tell(context, workspaceId, entry.slug, {
        type: 'apps.consent.asked',
        payload: { app: entry.app, version: number, added: [...added] },
      });
    }
    instances.demandFitting(entry.slug, chosen.contract, entry.config);
    await instances.consent(context, workspaceId, chosen, permissions);
    const payload = { app: entry.app, from: locked.version, to: number };
    await state.write(context, now, { slug: entry.slug, entry, locked: lockOf(chosen), type: 'apps.upgraded', payload });
  }
}

/** What is installed by itself is no more than the workspace's owner could install. */
function ownerOf(id: string): Principal {
  return { kind: 'user', id, roles: [] };
}

/** Whatever keeps this version from being installed: the instance stays at the one that it has. */
function unlessItStays(error: unknown): void {
  if (!(error instanceof DomainError) || error.refusal === 'unavailable' || error.code === 'apps.moved') throw error;
}
