import type { Collection } from '@millrace/documents';
import { appStore, versionOf, type App, type AppVersion } from '../../domain/apps/app';
import type { Contract } from '../../domain/apps/contract';
import { hasConsent, installationId, type Installation } from '../../domain/apps/installation';
import {
  DEEPEST,
  demandLocked,
  demandUnreserved,
  INSTALLED_PATH,
  LOCK_PATH,
  MOST_INSTANCES,
  MOST_MOUNTS,
  type Installed,
  type Lock,
  type Locked,
} from '../../domain/apps/installed';
import { appCycle, lockInvalid, tooDeep, tooManyInstances, tooManyMounts, unconsented } from '../../domain/apps/refusals';
import { parseTree, type Tree } from '../../domain/releases';
import type { FileStore } from '../ports/file-store';
import type { Catalogue } from './catalogue';
import type { AppDocuments } from './ports/app-documents';

/** A file, and the digest of its text. */
export interface FileDigest {
  readonly path: string;
  readonly digest: string;
}

/** The text of a file of some tree; empty where there is none. */
export type TextOf = (path: string) => Promise<string>;

/** An app as it stands in a workspace, or in an app there. */
export interface Mount {
  /** `crm`, or `crm.mail` for one that is installed in it. */
  readonly path: string;
  readonly installed: Installed;
  readonly app: App;
  readonly version: AppVersion;
  readonly contract: Contract;
  /** Where its texts are kept. */
  readonly store: string;
  readonly files: Tree;
}

export interface MountsParts {
  readonly files: FileStore;
  readonly catalogue: Catalogue;
  readonly documents: AppDocuments;
  readonly installations: Collection<Installation>;
}

/** Where the files are, and which apps lead there. */
interface Around {
  /** How many were found so far, everywhere. */
  readonly count: { found: number };
  /** Who has consented to the apps there. */
  readonly workspaceId: string;
  readonly path: string;
  readonly apps: readonly string[];
}

/** Finds the apps that the files of a workspace say are installed, and those in them. */
export class Mounts {
  constructor(private readonly parts: MountsParts) {}

  /** What `apps.yaml` and `apps.lock` among these files say. */
  async read(textOf: TextOf): Promise<{ readonly installed: readonly Installed[]; readonly lock: Lock }> {
    const { documents } = this.parts;
    return { installed: documents.installedIn(await textOf(INSTALLED_PATH)), lock: documents.lockIn(await textOf(LOCK_PATH)) };
  }

  /** The texts of a tree whose files are kept there. */
  textsIn(store: string, tree: readonly FileDigest[]): TextOf {
    return async (path) => {
      const file = tree.find((one) => one.path === path);
      return file === undefined ? '' : this.parts.files.get(store, file.digest);
    };
  }

  /**
   * Every app that these files install, the outer before those in it. A lock that names what nobody consented to, or what is not what was
   * published, leads nowhere: `apps.lock_invalid`. Throws `apps.cycle`, `apps.too_deep`, `apps.too_many_instances` and `apps.instance_reserved`, too.
   */
  of(workspaceId: string, textOf: TextOf, host?: string): Promise<readonly Mount[]> {
    return this.within({ count: { found: 0 }, workspaceId, path: '', apps: host === undefined ? [] : [host] }, textOf);
  }

  /** A version of an app, and those in it, as they would stand under this name. `host`: the app that would install it, if it is one. */
  below(app: App, version: AppVersion, installed: Installed, host?: string): Promise<readonly Mount[]> {
    return this.mount({ count: { found: 0 }, workspaceId: '', path: '', apps: host === undefined ? [] : [host] }, app, version, installed);
  }

  private async within(around: Around, textOf: TextOf): Promise<readonly Mount[]> {
    const { installed, lock } = await this.read(textOf);
    if (installed.length > MOST_INSTANCES) throw tooManyInstances(MOST_INSTANCES);
    const found: Mount[] = [];
    for (const each of installed) {
      demandUnreserved(each.slug);
      const { app, version } = await this.locked(around, each, demandLocked(lock, each));
      found.push(...(await this.mount(around, app, version, each)));
    }
    return found;
  }

  private async mount(around: Around, app: App, version: AppVersion, installed: Installed): Promise<readonly Mount[]> {
    const apps = [...around.apps, app.slug];
    if (around.apps.includes(app.slug)) throw appCycle(apps);
    if (apps.length > DEEPEST) throw tooDeep(apps, DEEPEST);
    around.count.found += 1;
    if (around.count.found > MOST_MOUNTS) throw tooManyMounts(MOST_MOUNTS);
    const { files, catalogue } = this.parts;
    const path = around.path === '' ? installed.slug : `${around.path}.${installed.slug}`;
    const store = appStore(app.slug);
    const tree = parseTree(await files.get(store, version.digest));
    const mount = { path, installed, app, version, contract: await catalogue.contract(app, version), store, files: tree };
    return [mount, ...(await this.within({ count: around.count, workspaceId: app.workspaceId, path, apps }, this.textsIn(store, tree)))];
  }

  private async locked(around: Around, { slug, app: name }: Installed, lock: Locked) {
    const app = await this.parts.catalogue.find(name);
    // What nobody here has consented to is not even looked for: a lock is a text that anybody may write.
    if (app === undefined || !(await this.isConsented(around, lock))) throw unconsented(slug, lock);
    const version = versionOf(app, lock.version);
    if (version.digest === lock.digest && version.permissions === lock.consent) return { app, version };
    throw lockInvalid(`apps.lock says something else of "${name}" ${lock.version} than was published.`);
  }

  /** What stands in an app was looked at when the app was published, and who installs it consents to all of it. */
  private async isConsented({ workspaceId, path }: Around, { app, version, consent }: Locked): Promise<boolean> {
    if (path !== '') return true;
    const installation = await this.parts.installations.find(installationId(workspaceId, app));
    return installation !== undefined && hasConsent(installation.document, version, consent);
  }
}
