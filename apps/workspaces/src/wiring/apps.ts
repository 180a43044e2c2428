import type { Collection } from '@millrace/documents';
import type { ServiceParts } from '@millrace/service';
import type { Provider } from '@nestjs/common';
import type { Access } from '../application/access';
import { AutoUpgrade } from '../application/apps/auto-upgrade';
import { Catalogue } from '../application/apps/catalogue';
import { ChangeApp } from '../application/apps/change-app';
import { ChangeInstances } from '../application/apps/change-instances';
import { InstallApp } from '../application/apps/install-app';
import { InstalledState } from '../application/apps/installed-state';
import { Instances } from '../application/apps/instances';
import { Mounts } from '../application/apps/mounts';
import { PublishApp } from '../application/apps/publish-app';
import { ReadApps } from '../application/apps/read-apps';
import { ReadInstances } from '../application/apps/read-instances';
import type { Drafts } from '../application/drafts';
import type { Facts } from '../application/facts';
import type { Photos } from '../application/files/photos';
import type { FileStore } from '../application/ports/file-store';
import type { App } from '../domain/apps/app';
import type { Installation } from '../domain/apps/installation';
import type { Releases } from '../domain/releases';
import type { Workspace } from '../domain/workspace';
import { APPS, INSTALLATIONS } from '../infrastructure/app-collections';
import { YamlAppDocuments } from '../infrastructure/yaml-app-documents';
import { AppNews } from '../interface/events/app-news';
import { AppsRpc } from '../interface/rpc/apps/apps.rpc';
import { InstancesRpc } from '../interface/rpc/apps/instances.rpc';

export const APPS_RPC = [AppsRpc, InstancesRpc];

/** The catalogue, and what leads from the files of a workspace to the apps in it. */
export interface OpenApps {
  readonly apps: Collection<App>;
  readonly installations: Collection<Installation>;
  readonly catalogue: Catalogue;
  readonly documents: YamlAppDocuments;
  readonly mounts: Mounts;
}

export async function openApps({ documents: store }: ServiceParts, around: { readonly access: Access; readonly files: FileStore }) {
  const apps = await store.collection(APPS);
  const installations = await store.collection(INSTALLATIONS);
  const documents = new YamlAppDocuments();
  const catalogue = new Catalogue(apps, around.access, around.files);
  const mounts = new Mounts({ ...around, catalogue, documents, installations });
  return { apps, installations, catalogue, documents, mounts } satisfies OpenApps;
}

/** What apps stand on besides the parts of the service. */
export interface AppsAround {
  readonly access: Access;
  readonly drafts: Drafts;
  readonly files: FileStore;
  readonly releases: Collection<Releases>;
  readonly facts: Facts;
  readonly photos: Photos;
  readonly workspaces: Collection<Workspace>;
  /** Apps that the platform may have. */
  readonly most: number;
}

/** The use cases of the catalogue and of what is installed. */
export function appsOf({ platform, clock }: ServiceParts, open: OpenApps, around: AppsAround): readonly Provider[] {
  const shared = { ...around, ...open, clock };
  const state = new InstalledState(shared);
  const instances = new Instances({ ...shared, state });
  const { access } = around;
  return [
    { provide: PublishApp, useValue: new PublishApp(shared) },
    { provide: ReadApps, useValue: new ReadApps(open.apps, access, open.catalogue) },
    { provide: ChangeApp, useValue: new ChangeApp(shared) },
    { provide: ChangeInstances, useValue: new ChangeInstances(access, instances, state) },
    { provide: InstallApp, useValue: new InstallApp(access, instances, state) },
    { provide: AppNews, useValue: new AppNews(platform.eventLog, new AutoUpgrade({ ...shared, instances, state }), clock) },
    { provide: ReadInstances, useValue: new ReadInstances(access, instances) },
  ];
}
