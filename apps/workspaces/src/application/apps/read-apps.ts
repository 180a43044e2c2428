import type { Collection } from '@millrace/documents';
import type { AskedPage, Page } from '@millrace/kernel';
import type { CallContext } from '@millrace/messaging';
import { newestIn, type App } from '../../domain/apps/app';
import type { Access } from '../access';
import type { Catalogue } from './catalogue';
import type { OfferedVersion } from './publish-app';

/** An app as a caller sees it. */
export interface AppView {
  readonly app: App;
  readonly revision: number;
  /** Whether the caller may change it. */
  readonly own: boolean;
  /** The largest number that may be installed; empty: none. */
  readonly latest: string;
}

/** An app as somebody sees it who may change it, or not. */
export function viewOf(app: App, revision: number, own: boolean): AppView {
  return { app, revision, own, latest: newestIn(app, 'latest')?.number ?? '' };
}

/** Shows what the catalogue holds. */
export class ReadApps {
  constructor(
    private readonly apps: Collection<App>,
    private readonly access: Access,
    private readonly catalogue: Catalogue,
  ) {}

  /** Those that are public, or that a workspace of the caller may install, by slug. */
  async list(context: CallContext, workspace: string, { limit, cursor }: AskedPage): Promise<Page<AppView>> {
    const id = await this.asked(context, workspace);
    const visible = id === undefined ? { visibility: 'public' } : {};
    const page = await this.apps.page({ where: visible, limit, ...(cursor === '' ? {} : { cursor }) });
    const seen = await Promise.all(page.items.map(async ({ document, revision }) => this.seen(context, { document, revision }, id)));
    return { ...page, items: seen.flatMap((view) => view ?? []) };
  }

  async get(context: CallContext, slug: string, workspace: string): Promise<AppView> {
    const app = await this.catalogue.visible(context, slug, await this.asked(context, workspace));
    const { document, revision } = await this.apps.get(app.slug);
    return viewOf(document, revision, await this.catalogue.isOwn(context, document));
  }

  /** Newest first. */
  async versions(context: CallContext, slug: string, workspace: string): Promise<readonly OfferedVersion[]> {
    const app = await this.catalogue.visible(context, slug, await this.asked(context, workspace));
    const versions = app.versions.map(async (version) => ({
      app: app.slug,
      version,
      contract: await this.catalogue.contract(app, version),
    }));
    return (await Promise.all(versions)).reverse();
  }

  private async seen(
    context: CallContext,
    stored: { document: App; revision: number },
    id: string | undefined,
  ): Promise<AppView | undefined> {
    const { document: app, revision } = stored;
    if (!(await this.catalogue.sees(context, app, id))) return undefined;
    return viewOf(app, revision, await this.catalogue.isOwn(context, app));
  }

  /** The workspace that asks; one that the caller may not read apps of says nothing. */
  private async asked(context: CallContext, workspace: string): Promise<string | undefined> {
    if (workspace === '') return undefined;
    return (await this.access.require(context, workspace, 'read', 'apps')).workspace.id;
  }
}
