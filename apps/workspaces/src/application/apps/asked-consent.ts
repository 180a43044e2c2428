import type { Collection } from '@millrace/documents';
import type { DomainError } from '@millrace/kernel';
import type { CallContext } from '@millrace/messaging';
import type { App } from '../../domain/apps/app';
import { hasConsent, installationId, type Installation } from '../../domain/apps/installation';
import { findLocked, MOST_INSTANCES, type Installed, type Lock, type Locked } from '../../domain/apps/installed';
import { morePermissions, NO_PERMISSIONS, type Permissions } from '../../domain/apps/permissions';
import { unconsented } from '../../domain/apps/refusals';
import type { Catalogue } from './catalogue';

/** Says what the apps of a workspace ask for that nobody there has consented to. */
export class AskedConsent {
  constructor(
    private readonly catalogue: Catalogue,
    private readonly installations: Collection<Installation>,
  ) {}

  /**
   * A refusal for each installed app that waits for consent: what it may do more than the version last consented to. Of an app that the caller
   * may not see it says nothing but the name: a lock is a text that anybody may write.
   */
  async of(
    context: CallContext,
    workspaceId: string,
    { installed, lock }: { readonly installed: readonly Installed[]; readonly lock: Lock },
  ): Promise<readonly DomainError[]> {
    const refusals: DomainError[] = [];
    for (const { slug, app } of installed.slice(0, MOST_INSTANCES)) {
      const locked = findLocked(lock, slug);
      if (locked?.app !== app) continue;
      const installation = (await this.installations.find(installationId(workspaceId, app)))?.document;
      if (installation !== undefined && hasConsent(installation, locked.version, locked.consent)) continue;
      refusals.push(unconsented(slug, locked, await this.beyond(context, workspaceId, locked, installation)));
    }
    return refusals;
  }

  private async beyond(context: CallContext, workspaceId: string, locked: Locked, installation?: Installation): Promise<string> {
    const app = await this.catalogue.find(locked.app);
    if (app === undefined || !(await this.catalogue.sees(context, app, workspaceId))) return '';
    const wanted = await this.permissions(app, locked.version);
    if (wanted === undefined) return '';
    const last = installation?.consents.at(-1)?.version;
    const before = last === undefined ? undefined : await this.permissions(app, last);
    const more = morePermissions(before ?? NO_PERMISSIONS, wanted).join(', ') || 'nothing';
    return before === undefined ? `: ${more}` : ` more than ${last}: ${more}`;
  }

  /** Undefined: there is no such version. */
  private async permissions(app: App, number: string): Promise<Permissions | undefined> {
    const version = app.versions.find((one) => one.number === number);
    return version === undefined ? undefined : (await this.catalogue.contract(app, version)).permissions;
  }
}
