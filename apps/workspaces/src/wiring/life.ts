import type { Collection } from '@millrace/documents';
import type { ServiceParts } from '@millrace/service';
import type { Provider } from '@nestjs/common';
import type { Access } from '../application/access';
import type { Announce } from '../application/announce';
import type { WrittenConfigs } from '../application/configuring/written-configs';
import { CreateFilled } from '../application/create-filled';
import { CreateWorkspace } from '../application/create-workspace';
import type { Drafts } from '../application/drafts';
import type { Facts } from '../application/facts';
import { CopyFiles } from '../application/files/copy-files';
import { DuplicateWorkspace } from '../application/life/duplicate-workspace';
import { PurgeWorkspaces } from '../application/life/purge-workspaces';
import { RestoreWorkspace } from '../application/life/restore-workspace';
import { SuspendWorkspace } from '../application/life/suspend-workspace';
import { TransferWorkspace } from '../application/life/transfer-workspace';
import type { FileStore } from '../application/ports/file-store';
import { ReadAllWorkspaces } from '../application/platform/read-all-workspaces';
import type { WorkspaceRoom } from '../application/quotas/workspace-room';
import type { RoleBook } from '../application/rights/role-book';
import type { SlugAliases } from '../application/slug-aliases';
import { VersionTrees } from '../application/versions/version-trees';
import type { WorkspacesConfig } from '../config';
import type { Member } from '../domain/members';
import type { Releases } from '../domain/releases';
import type { Workspace } from '../domain/workspace';
import { LifeRpc } from '../interface/rpc/life.rpc';
import { PlatformRpc } from '../interface/rpc/platform.rpc';

export const LIFE_RPC = [LifeRpc, PlatformRpc];

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** What the life of workspaces stands on, besides the parts of the service. */
export interface LifeParts {
  readonly workspaces: Collection<Workspace>;
  readonly releases: Collection<Releases>;
  readonly members: Collection<Member>;
  readonly books: Collection<RoleBook>;
  readonly configs: WrittenConfigs;
  readonly room: WorkspaceRoom;
  readonly aliases: SlugAliases;
  readonly access: Access;
  readonly announce: Announce;
  readonly drafts: Drafts;
  readonly files: FileStore;
  readonly facts: Facts;
}

/** The use cases of the life of workspaces. */
export function lifeOf({ clock, ids }: ServiceParts, around: LifeParts, { deletedSeconds }: WorkspacesConfig): readonly Provider[] {
  const shared = { ...around, clock, ids };
  const patience = Math.min(HOUR, Math.max(MINUTE, deletedSeconds * SECOND));
  const trees = new VersionTrees(around.releases, around.access, around.files);
  return [
    { provide: ReadAllWorkspaces, useValue: new ReadAllWorkspaces(around.workspaces) },
    { provide: SuspendWorkspace, useValue: new SuspendWorkspace(shared) },
    { provide: TransferWorkspace, useValue: new TransferWorkspace(shared) },
    { provide: RestoreWorkspace, useValue: new RestoreWorkspace(shared) },
    {
      provide: CreateFilled,
      inject: [CreateWorkspace, PurgeWorkspaces],
      useFactory: (create: CreateWorkspace, purge: PurgeWorkspaces) => new CreateFilled({ ...shared, create, purge, patience }),
    },
    {
      provide: DuplicateWorkspace,
      inject: [CreateFilled, CopyFiles],
      useFactory: (create: CreateFilled, uploads: CopyFiles) => new DuplicateWorkspace({ ...shared, trees, create, uploads }),
    },
  ];
}
