import type { Collection } from '@millrace/documents';
import { isNativeType, type Clock } from '@millrace/kernel';
import type { CallContext } from '@millrace/messaging';
import { addVersion, appStore, newestIn, type App, type AppVersion } from '../../domain/apps/app';
import { breakingChanges, type Contract } from '../../domain/apps/contract';
import { mayBreak } from '../../domain/apps/number';
import { allOf, permissionsText, within } from '../../domain/apps/permissions';
import { appTaken, breaksCallers, instanceReserved, nothingToPublish, slugFixed } from '../../domain/apps/refusals';
import { demandAppSpace } from '../../domain/quotas/room';
import { activeVersion, parseTree, type Releases } from '../../domain/releases';
import { isAsset } from '../../domain/tree/assets';
import type { Workspace } from '../../domain/workspace';
import type { Access } from '../access';
import { answering } from '../ensure';
import type { Facts } from '../facts';
import { isTaken } from '../is-taken';
import type { SourceFile } from '../ports/checker';
import type { FileStore } from '../ports/file-store';
import type { Catalogue } from './catalogue';
import type { FileDigest, Mounts } from './mounts';
import type { AppDocuments } from './ports/app-documents';

export interface PublishAppParts {
  readonly apps: Collection<App>;
  /** Apps that the platform may have. */
  readonly most: number;
  readonly releases: Collection<Releases>;
  readonly access: Access;
  readonly catalogue: Catalogue;
  readonly mounts: Mounts;
  readonly documents: AppDocuments;
  readonly files: FileStore;
  readonly facts: Facts;
  readonly clock: Clock;
}

/** What is published, as its publisher says it. */
export interface AppSaid {
  readonly number: string;
  readonly changes: string;
  /** Empty: that of the workspace, or of the app as it is. */
  readonly slug: string;
}

/** A version of an app with what it offers and asks for. */
export interface OfferedVersion {
  readonly app: string;
  readonly version: AppVersion;
  readonly contract: Contract;
}

/** Publishes what runs in a workspace as a version of its app. */
export class PublishApp {
  constructor(private readonly parts: PublishAppParts) {}

  async run(context: CallContext, name: string, said: AppSaid): Promise<OfferedVersion> {
    const { access, apps, clock } = this.parts;
    const { workspace } = await access.require(context, name, 'manage', 'apps');
    const found = (await apps.findBy('workspace', workspace.id))?.document;
    if (found !== undefined && said.slug !== '' && said.slug !== found.slug) throw slugFixed(found.slug);
    const app = found ?? firstOf(workspace, said.slug, clock.now());
    const { digest, contract } = await this.read(workspace.id, app.slug);
    await this.demandUnbroken(app, said.number, contract);
    const version = await this.version(context, app.slug, said, { digest, contract });
    const isDone = await (found === undefined ? this.make(context, app, version) : this.add(context, app, version));
    return isDone ? { app: app.slug, version, contract } : this.run(context, name, said);
  }

  /** What runs, and what it offers with all that is installed in it. */
  private async read(workspaceId: string, slug: string): Promise<{ readonly digest: string; readonly contract: Contract }> {
    const { releases, files, mounts, documents } = this.parts;
    const stored = await releases.find(workspaceId);
    const active = stored === undefined ? undefined : activeVersion(stored.document);
    if (active === undefined) throw nothingToPublish();
    const text = await files.get(workspaceId, active.digest);
    const tree = parseTree(text);
    const contract = documents.contractOf(await this.keep(workspaceId, slug, tree));
    await files.put(appStore(slug), text);
    const inner = (await mounts.of(workspaceId, mounts.textsIn(workspaceId, tree), slug)).filter(({ path }) => !path.includes('.'));
    const theirs = inner.map(({ path, app, version, contract: { permissions } }) =>
      within(path, `${app.slug}@${version.number}`, permissions),
    );
    return { digest: active.digest, contract: { ...contract, permissions: allOf([contract.permissions, ...theirs]) } };
  }

  /** The texts; all of it is from now on also among the files of the app. */
  private async keep(workspaceId: string, slug: string, tree: readonly FileDigest[]): Promise<readonly SourceFile[]> {
    const { files } = this.parts;
    const kept: SourceFile[] = [];
    for (const { path, digest } of tree) {
      await files.put(appStore(slug), await files.bytes(workspaceId, digest));
      if (!isAsset(path)) kept.push({ path, text: await files.get(workspaceId, digest) });
    }
    return kept;
  }

  private async demandUnbroken(app: App, number: string, contract: Contract): Promise<void> {
    const before = measureOf(app);
    if (before === undefined || mayBreak(before.number, number)) return;
    const breaking = breakingChanges(await this.parts.catalogue.contract(app, before), contract);
    if (breaking.length > 0) throw breaksCallers(app.slug, before.number, breaking);
  }

  private async version(
    { principal }: CallContext,
    slug: string,
    { number, changes }: AppSaid,
    { digest, contract }: { readonly digest: string; readonly contract: Contract },
  ): Promise<AppVersion> {
    const { files, clock } = this.parts;
    const { digest: permissions } = await files.put(appStore(slug), permissionsText(contract.permissions));
    const { digest: kept } = await files.put(appStore(slug), JSON.stringify(contract));
    const state = { state: 'offered', reason: '' } as const;
    return { number, changes, digest, contract: kept, permissions, ...state, publishedBy: principal.id, publishedAt: clock.now() };
  }

  /** Whether the app was made: not when somebody else of its workspace was first. Refuses one more than there may be, and a slug that another workspace has. */
  private async make(context: CallContext, app: App, version: AppVersion): Promise<boolean> {
    const { apps, most } = this.parts;
    demandAppSpace(most, await apps.count({}));
    try {
      await apps.insert(addVersion(app, version), [this.tell(context, app, version)]);
      return true;
    } catch (error) {
      if (!isTaken(error)) throw error;
      if ((await apps.findBy('workspace', app.workspaceId)) === undefined) throw appTaken(app.slug);
      return false;
    }
  }

  /** Whether the version was added: not when somebody has published meanwhile, or withdrawn, what it was measured by. */
  private add(context: CallContext, judged: App, version: AppVersion): Promise<boolean> {
    return answering(this.parts.apps, judged.slug, (app) => {
      const next = addVersion(app, version);
      if (measureOf(app)?.number !== measureOf(judged)?.number) return { document: app, events: [], result: false };
      return { document: next, events: [this.tell(context, app, version)], result: true };
    });
  }

  private tell(context: CallContext, { slug, workspaceId }: App, { number, digest }: AppVersion) {
    const payload = { app: slug, version: number, digest };
    return this.parts.facts.of(context, { workspaceId, type: 'apps.published', payload, subject: `app/${slug}` });
  }
}

/** The version whose callers another one must not break. */
function measureOf(app: App): AppVersion | undefined {
  return newestIn(app, 'latest') ?? app.versions.at(-1);
}

function firstOf(workspace: Workspace, said: string, now: number): App {
  const slug = said === '' ? workspace.slug : said;
  if (isNativeType(`${slug}.x`)) throw instanceReserved(slug);
  const { id: workspaceId, name, description } = workspace;
  return {
    ...{ slug, workspaceId, name, description },
    ...{ visibility: 'private', listedFor: [], versions: [], createdAt: now, updatedAt: now },
  };
}
