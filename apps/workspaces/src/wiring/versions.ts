import type { Collection } from '@millrace/documents';
import type { Clock } from '@millrace/kernel';
import type { ServiceParts } from '@millrace/service';
import type { Provider } from '@nestjs/common';
import type { Access } from '../application/access';
import type { Announce } from '../application/announce';
import type { Catalogue } from '../application/apps/catalogue';
import type { Mounts } from '../application/apps/mounts';
import { DraftTrees } from '../application/drafting/draft-trees';
import type { Drafts } from '../application/drafts';
import { PackApps } from '../application/exchange/pack-apps';
import type { Facts } from '../application/facts';
import type { FileStore } from '../application/ports/file-store';
import { PublishVersion } from '../application/publish-version';
import { ChangeVersions } from '../application/versions/change-versions';
import { CheckoutVersion } from '../application/versions/checkout-version';
import { DiffVersions } from '../application/versions/diff-versions';
import { ExportVersion } from '../application/versions/export-version';
import { PublishSaved } from '../application/versions/publish-saved';
import { VersionTrees } from '../application/versions/version-trees';
import type { Releases } from '../domain/releases';
import type { Workspace } from '../domain/workspace';
import { NodeArchives } from '../infrastructure/archives/node-archives';
import { YamlDifferences } from '../infrastructure/yaml-differences';
import { Saves } from '../interface/events/saves';
import { VersionsRpc } from '../interface/rpc/versions.rpc';

export const VERSIONS_RPC = [VersionsRpc];

/** What the calls on versions stand on. */
export interface VersionsParts {
  readonly releases: Collection<Releases>;
  readonly access: Access;
  readonly announce: Announce;
  readonly catalogue: Catalogue;
  readonly mounts: Mounts;
  readonly drafts: Drafts;
  readonly files: FileStore;
  readonly facts: Facts;
  readonly clock: Clock;
}

/** The use cases of versions. */
export function versionsOf(parts: VersionsParts): readonly Provider[] {
  const { releases, access, files, mounts, catalogue } = parts;
  const trees = new VersionTrees(releases, access, files);
  return [
    { provide: VersionTrees, useValue: trees },
    { provide: ChangeVersions, useValue: new ChangeVersions(parts) },
    { provide: CheckoutVersion, useValue: new CheckoutVersion({ ...parts, trees }) },
    { provide: DiffVersions, useValue: new DiffVersions({ ...parts, trees, differences: new YamlDifferences() }) },
    { provide: ExportVersion, useValue: new ExportVersion(trees, new PackApps(mounts, catalogue), files, new NodeArchives()) },
  ];
}

/** What publishing by itself stands on, besides the parts of the service. */
export type SavesParts = Pick<VersionsParts, 'releases' | 'drafts' | 'files'> & { readonly workspaces: Collection<Workspace> };

/** Publishes drafts by themselves, where their workspaces want that. */
export function savesOf({ platform, clock }: ServiceParts, around: SavesParts): Provider {
  return {
    provide: Saves,
    inject: [PublishVersion],
    useFactory: (publish: PublishVersion) =>
      new Saves(platform.eventLog, new PublishSaved({ ...around, trees: new DraftTrees(around.files), publish, clock }), clock),
  };
}
