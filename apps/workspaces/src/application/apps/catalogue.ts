import type { Collection } from '@millrace/documents';
import { DomainError } from '@millrace/kernel';
import type { CallContext } from '@millrace/messaging';
import { appStore, type App, type AppVersion } from '../../domain/apps/app';
import { contractIn, type Contract } from '../../domain/apps/contract';
import { appMissing } from '../../domain/apps/refusals';
import type { Access } from '../access';
import type { FileStore } from '../ports/file-store';

/** The apps, and who may see which. */
export class Catalogue {
  constructor(
    private readonly apps: Collection<App>,
    private readonly access: Access,
    private readonly files: FileStore,
  ) {}

  /** An app that the caller may see, as somebody of the workspace with this id when one is named. Throws `apps.not_found`. */
  async visible(context: CallContext, slug: string, workspaceId?: string): Promise<App> {
    const app = await this.find(slug);
    if (app !== undefined && (await this.sees(context, app, workspaceId))) return app;
    throw appMissing(slug);
  }

  /** An app, whoever asks. */
  async find(slug: string): Promise<App | undefined> {
    return (await this.apps.find(slug))?.document;
  }

  /** What a version offers and asks for. */
  async contract({ slug }: App, { contract }: AppVersion): Promise<Contract> {
    return contractIn(await this.files.get(appStore(slug), contract));
  }

  /** Whether the caller may see an app, as somebody of this workspace when one is named. */
  async sees(context: CallContext, app: App, workspaceId: string | undefined): Promise<boolean> {
    if (app.visibility === 'public') return true;
    if (workspaceId !== undefined && app.visibility === 'listed' && app.listedFor.includes(workspaceId)) return true;
    return this.may(context, app, 'read', 'apps');
  }

  /** Whether the caller may know what the roles of the workspace say that publishes an app. */
  readsRoles(context: CallContext, app: App): Promise<boolean> {
    return this.may(context, app, 'read', 'roles');
  }

  /** Whether the caller may change what the catalogue says of an app. */
  isOwn(context: CallContext, app: App): Promise<boolean> {
    return this.may(context, app, 'manage', 'apps');
  }

  /** Whether the caller may do this in the workspace that publishes the app. */
  private async may(context: CallContext, { workspaceId }: App, action: string, subject: string): Promise<boolean> {
    try {
      await this.access.require(context, workspaceId, action, subject);
      return true;
    } catch (error) {
      if (isRefusal(error)) return false;
      throw error;
    }
  }
}

function isRefusal(error: unknown): boolean {
  return error instanceof DomainError && (error.refusal === 'not-found' || error.refusal === 'forbidden');
}
