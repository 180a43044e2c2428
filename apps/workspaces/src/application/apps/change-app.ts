import type { Collection } from '@millrace/documents';
import type { Clock } from '@millrace/kernel';
import type { CallContext } from '@millrace/messaging';
import { turnVersion, versionOf, type App, type AppVersion } from '../../domain/apps/app';
import type { Access } from '../access';
import { answering } from '../ensure';
import { knownOnly } from '../expected-revision';
import type { Facts } from '../facts';
import type { Photos } from '../files/photos';
import type { Catalogue } from './catalogue';
import type { OfferedVersion } from './publish-app';
import { viewOf, type AppView } from './read-apps';

export interface ChangeAppParts {
  readonly apps: Collection<App>;
  readonly access: Access;
  readonly catalogue: Catalogue;
  readonly photos: Pick<Photos, 'demand'>;
  readonly facts: Facts;
  readonly clock: Clock;
}

/** What the catalogue says of an app; a missing field stays as it is. */
export type AppChanges = Partial<Pick<App, 'name' | 'description' | 'photo' | 'docs' | 'visibility' | 'listedFor'>>;

/** A version that is not offered any more, and why. */
export interface VersionTurn {
  readonly slug: string;
  readonly number: string;
  readonly reason: string;
}

/** Changes what the catalogue says of an app and its versions: for who may manage apps in the workspace that publishes it. */
export class ChangeApp {
  constructor(private readonly parts: ChangeAppParts) {}

  async update(context: CallContext, slug: string, changes: AppChanges, ifMatch: string): Promise<AppView> {
    const { apps, clock, facts, photos } = this.parts;
    const { workspaceId } = await this.own(context, slug);
    await photos.demand(workspaceId, changes.photo);
    const demand = knownOnly({ ifMatch });
    const changed = Object.keys(changes).sort();
    const revision = await answering(apps, slug, (app, at) => {
      const { updatedAt, updatedBy = app.versions.at(-1)?.publishedBy ?? workspaceId } = app;
      demand(`The app ${slug}`, { revision: at, updatedBy, updatedAt });
      const event = facts.of(context, { workspaceId, type: 'apps.updated', payload: { app: slug, changed }, subject: `app/${slug}` });
      return { document: { ...app, ...changes, updatedAt: clock.now(), updatedBy: context.principal.id }, events: [event], result: at + 1 };
    });
    return viewOf((await apps.get(slug)).document, revision, true);
  }

  /** Advises against a version. */
  deprecate(context: CallContext, turn: VersionTurn): Promise<OfferedVersion> {
    return this.turn(context, turn, 'deprecated');
  }

  /** Takes a version back. */
  withdraw(context: CallContext, turn: VersionTurn): Promise<OfferedVersion> {
    return this.turn(context, turn, 'withdrawn');
  }

  private async turn(
    context: CallContext,
    { slug, number, reason }: VersionTurn,
    state: Exclude<AppVersion['state'], 'offered'>,
  ): Promise<OfferedVersion> {
    const { apps, facts, catalogue } = this.parts;
    const { workspaceId } = await this.own(context, slug);
    const payload = { app: slug, version: number, reason };
    const event = facts.of(context, { workspaceId, type: `apps.${state}`, payload, subject: `app/${slug}` });
    await answering(apps, slug, (app) => ({ document: turnVersion(app, number, state, reason), events: [event], result: undefined }));
    const { document: app } = await apps.get(slug);
    const version = versionOf(app, number);
    return { app: slug, version, contract: await catalogue.contract(app, version) };
  }

  /** An app that the caller may change; one that they may only see is refused, one that they may not see is not there. */
  private async own(context: CallContext, slug: string): Promise<App> {
    const app = await this.parts.catalogue.visible(context, slug);
    await this.parts.access.require(context, app.workspaceId, 'manage', 'apps');
    return app;
  }
}
