import type { Collection } from '@millrace/documents';
import type { Clock, JsonMap } from '@millrace/kernel';
import type { CallContext } from '@millrace/messaging';
import { newestIn, nextIn, versionOf, type App, type AppVersion } from '../../domain/apps/app';
import type { Contract } from '../../domain/apps/contract';
import { hasConsent, installationId, withConsent, type Installation } from '../../domain/apps/installation';
import {
  demandLocked,
  demandUnreserved,
  findLocked,
  MOST_INSTANCES,
  type Installed,
  type Lock,
  type Locked,
} from '../../domain/apps/installed';
import { compareNumbers, type Reach } from '../../domain/apps/number';
import { configRefused, consentNeeded, instanceMissing, instanceTaken, tooManyInstances, versionMissing } from '../../domain/apps/refusals';
import type { Access } from '../access';
import { answering, ensure } from '../ensure';
import type { Catalogue } from './catalogue';
import type { InstalledNow, InstalledState } from './installed-state';
import type { Mounts } from './mounts';
import type { AppDocuments, ConfigProblem } from './ports/app-documents';

export interface InstancesParts {
  readonly apps: Collection<App>;
  readonly installations: Collection<Installation>;
  readonly access: Access;
  readonly catalogue: Catalogue;
  readonly mounts: Mounts;
  readonly state: InstalledState;
  readonly documents: AppDocuments;
  readonly clock: Clock;
}

/** An installed app as its workspace sees it. */
export interface InstanceView {
  readonly installed: Installed;
  /** Undefined: `apps.lock` does not name it. */
  readonly locked: Locked | undefined;
  readonly consented: boolean;
  /** Undefined where the lock leads nowhere. */
  readonly contract: Contract | undefined;
  /** A larger number inside the range; empty: there is none. */
  readonly newer: string;
  /** Revision of `apps.yaml`. */
  readonly revision: number;
}

/** A version of an app that is to be run under some name. */
export interface Chosen {
  readonly app: App;
  readonly version: AppVersion;
  readonly contract: Contract;
}

/** What all that is done to installed apps has in common. */
export class Instances {
  constructor(private readonly parts: InstancesParts) {}

  async read(workspaceId: string): Promise<InstalledNow> {
    return this.parts.state.read(workspaceId);
  }

  /** The entry of an instance; refuses when there is none. */
  entry({ installed }: InstalledNow, slug: string): Installed {
    const found = installed.find((one) => one.slug === slug);
    if (found === undefined) throw instanceMissing(slug);
    return found;
  }

  /** An instance; of an app that nobody here consented to and the caller may not see nothing but what the files say. */
  async view(context: CallContext, now: InstalledNow, slug: string): Promise<InstanceView> {
    const installed = this.entry(now, slug);
    const locked = findLocked(now.lock, slug);
    const found = await this.parts.catalogue.find(installed.app);
    const consented = found !== undefined && locked !== undefined && (await this.isConsented(now.draft.workspaceId, found, locked));
    const isShown = found !== undefined && (consented || (await this.parts.catalogue.sees(context, found, now.draft.workspaceId)));
    return {
      ...{ installed, locked, consented, revision: now.revision },
      ...(isShown ? await this.offered(found, installed, locked) : { contract: undefined, newer: '' }),
    };
  }

  private async offered(app: App, { range }: Installed, locked: Locked | undefined): Promise<Pick<InstanceView, 'contract' | 'newer'>> {
    const version = app.versions.find(({ number }) => number === locked?.version);
    const newest = newestIn(app, range);
    const isNewer = newest !== undefined && (locked === undefined || compareNumbers(newest.number, locked.version) > 0);
    return {
      contract: version === undefined ? undefined : await this.parts.catalogue.contract(app, version),
      newer: isNewer ? newest.number : '',
    };
  }

  /** Whether a lock is of this app, and somebody consented to what the version it names may do. */
  private async isConsented(workspaceId: string, { slug, versions }: App, locked: Locked): Promise<boolean> {
    const isOf =
      locked.app === slug && versions.some(({ number, permissions }) => number === locked.version && permissions === locked.consent);
    return isOf && (await this.hasConsent(workspaceId, locked));
  }

  /** The newest version of an app in a range, if the caller may see it; with everything in it, it must fit under this name. */
  async choose(context: CallContext, workspaceId: string, installed: Installed): Promise<Chosen> {
    const { catalogue } = this.parts;
    const app = await catalogue.visible(context, installed.app, workspaceId);
    const version = newestIn(app, installed.range);
    if (version === undefined) throw versionMissing(app.slug, installed.range);
    return this.fitting(workspaceId, installed, app, version);
  }

  /** The version that follows a locked one no farther than that, if there is one that the caller may see. */
  async next(context: CallContext, workspaceId: string, installed: Installed, after: Locked, reach: Reach): Promise<Chosen | undefined> {
    const app = await this.parts.catalogue.visible(context, installed.app, workspaceId);
    const version = nextIn(app, installed.range, after.version, reach);
    return version === undefined ? undefined : this.fitting(workspaceId, installed, app, version);
  }

  /** The version that a lock names; refuses when it names none. */
  async locked(context: CallContext, workspaceId: string, installed: Installed, lock: Lock): Promise<Chosen> {
    const app = await this.parts.catalogue.visible(context, installed.app, workspaceId);
    return this.fitting(workspaceId, installed, app, versionOf(app, demandLocked(lock, installed).version));
  }

  private async fitting(workspaceId: string, installed: Installed, app: App, version: AppVersion): Promise<Chosen> {
    const { apps, mounts, catalogue } = this.parts;
    const host = (await apps.findBy('workspace', workspaceId))?.document.slug;
    await mounts.below(app, version, installed, host);
    return { app, version, contract: await catalogue.contract(app, version) };
  }

  /** Refuses a name that is taken, or that events of the platform begin with, and one instance too many. */
  demandFree({ installed }: InstalledNow, slug: string): void {
    demandUnreserved(slug);
    if (installed.some((one) => one.slug === slug)) throw instanceTaken(slug);
    if (installed.length >= MOST_INSTANCES) throw tooManyInstances(MOST_INSTANCES);
  }

  demandFitting(slug: string, contract: Contract, config: JsonMap): void {
    const problems = this.configProblems(contract, config);
    if (problems.length > 0) throw configRefused(slug, problems);
  }

  configProblems(contract: Contract, config: JsonMap): readonly ConfigProblem[] {
    return this.parts.documents.configProblems(contract.config, config);
  }

  /** Remembers that the caller consents to exactly these permissions; refuses when the digest is another, or none. */
  async consent({ principal }: CallContext, workspaceId: string, chosen: Chosen, digest: string): Promise<void> {
    const { app, version, contract } = chosen;
    if (digest !== version.permissions) throw consentNeeded(app.slug, version.number, contract.permissions, version.permissions);
    const { installations, clock } = this.parts;
    const id = installationId(workspaceId, app.slug);
    await ensure(installations, id, () => ({ workspaceId, app: app.slug, consents: [] }));
    const consent = { version: version.number, permissions: version.permissions, by: principal.id, at: clock.now() };
    await answering(installations, id, (before) => ({ document: withConsent(before, consent), events: [], result: undefined }));
  }

  /** Whether somebody of the workspace has consented to exactly this. */
  async hasConsent(workspaceId: string, { app, version, consent }: Locked): Promise<boolean> {
    const installation = await this.parts.installations.find(installationId(workspaceId, app));
    return installation !== undefined && hasConsent(installation.document, version, consent);
  }
}

/** What a lock says of a chosen version. */
export function lockOf({ app, version }: Chosen): Locked {
  return { app: app.slug, version: version.number, digest: version.digest, consent: version.permissions };
}
