import type { Collection } from '@millrace/documents';
import type { Clock } from '@millrace/kernel';
import type { CallContext } from '@millrace/messaging';
import type { App } from '../../domain/apps/app';
import { isOver, type WorkspaceFile } from '../../domain/files/file';
import { isHidden } from '../../domain/life';
import { changeWorkspace, photoRefused, type Workspace } from '../../domain/workspace';
import type { Facts } from '../facts';

export interface PhotosParts {
  readonly workspaces: Collection<Workspace>;
  readonly apps: Collection<App>;
  readonly files: Pick<Collection<WorkspaceFile>, 'find'>;
  readonly facts: Facts;
  readonly clock: Clock;
}

/** The photos of workspaces and of the apps they publish, which are files of theirs. */
export class Photos {
  constructor(private readonly parts: PhotosParts) {}

  /** Refuses (`workspaces.photo_refused`) what is no picture of the workspace that everybody may see. One that is deleted later is a photo that nobody sees. */
  async demand(workspaceId: string, photo = ''): Promise<void> {
    if (photo === '') return;
    const file = (await this.parts.files.find(photo))?.document;
    const isPublic = file?.workspaceId === workspaceId && file.visibility === 'public' && !isOver(file, this.parts.clock.now());
    if (!isPublic || !file.type.startsWith('image/')) throw photoRefused(photo);
  }

  /** The file is about to go: what has it as its photo has none from now on. */
  async forget(context: CallContext, workspaceId: string, file: string): Promise<void> {
    const { workspaces, apps } = this.parts;
    if ((await workspaces.find(workspaceId))?.document.photo === file) await this.takeFromWorkspace(context, workspaceId, file);
    const app = (await apps.findBy('workspace', workspaceId))?.document;
    if (app?.photo === file) await this.takeFromApp(context, app.slug, file);
  }

  private async takeFromWorkspace(context: CallContext, workspaceId: string, file: string): Promise<void> {
    const { workspaces, facts, clock } = this.parts;
    await workspaces.update(workspaceId, (document, revision) => {
      if (document.photo !== file || isHidden(document)) return { document, events: [] };
      const { workspace, changed } = changeWorkspace(document, { photo: '' }, { by: context.principal.id, at: clock.now() });
      const subject = `workspace/${workspaceId}`;
      const fact = { workspaceId, type: 'workspaces.updated', payload: { changed }, subject, revision: revision + 1 };
      return { document: workspace, events: [facts.of(context, fact)] };
    });
  }

  private async takeFromApp(context: CallContext, slug: string, file: string): Promise<void> {
    const { apps, facts, clock } = this.parts;
    await apps.update(slug, (document) => {
      if (document.photo !== file) return { document, events: [] };
      const payload = { app: slug, changed: ['photo'] };
      const event = facts.of(context, { workspaceId: document.workspaceId, type: 'apps.updated', payload, subject: `app/${slug}` });
      return { document: { ...document, photo: '', updatedAt: clock.now(), updatedBy: context.principal.id }, events: [event] };
    });
  }
}
