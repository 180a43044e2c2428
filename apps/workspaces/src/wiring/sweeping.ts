import type { Collection, Documents } from '@millrace/documents';
import type { ServiceParts } from '@millrace/service';
import type { Provider } from '@nestjs/common';
import type { Drafts } from '../application/drafts';
import type { Facts } from '../application/facts';
import { ChangeFiles } from '../application/files/change-files';
import { egressOf, filesOf, manyOf, oneOf, textsOf, type Belonging } from '../application/life/belongings';
import { NamedTexts } from '../application/life/named-texts';
import { PurgeWorkspaces } from '../application/life/purge-workspaces';
import { SweepTexts } from '../application/life/sweep-texts';
import type { EgressRecords } from '../application/ports/egress-records';
import type { FileStore } from '../application/ports/file-store';
import type { WorkspacesConfig } from '../config';
import type { Releases } from '../domain/releases';
import { configId } from '../domain/configuring/written-config';
import { secretId } from '../domain/secrets/secret';
import type { Workspace } from '../domain/workspace';
import { INSTALLATIONS } from '../infrastructure/app-collections';
import { BlobUnnamedTexts } from '../infrastructure/blob-unnamed-texts';
import { CONFIGS, DRAFTS, MEMBERS, ROLES, SHARES, SLUG_ALIASES } from '../infrastructure/collections';
import { KEYS } from '../infrastructure/credentials';
import { SCHEMA_VERSIONS } from '../infrastructure/event-type-collections';
import { FILE_USES, FILES, SECRETS } from '../infrastructure/file-collections';
import { QUOTAS } from '../infrastructure/quota-collections';
import { DATA_KEYS } from '../infrastructure/vault/envelope-vault';
import { Sweeps } from '../interface/timers/sweeps';

const HOUR = 3_600_000;
const SECOND = 1_000;

/** The sweeps of what workspaces leave behind. */
const LEFTOVERS = Symbol('what workspaces leave behind');

/** What sweeping stands on, besides the parts of the service. */
export interface SweepingParts {
  readonly workspaces: Collection<Workspace>;
  readonly releases: Collection<Releases>;
  readonly drafts: Drafts;
  readonly files: FileStore;
  readonly facts: Facts;
  readonly egress: Pick<EgressRecords, 'remove'>;
}

/** Removes workspaces that are gone for good every hour, more often where they are had back for less, and texts that nothing names every six. */
export async function sweepingOf(
  parts: ServiceParts,
  around: SweepingParts,
  { deletedSeconds }: WorkspacesConfig,
): Promise<readonly Provider[]> {
  const { clock, ids, log, platform } = parts;
  const texts = new BlobUnnamedTexts(platform.blobs);
  const documents = await documentsOf(parts.documents, around.releases);
  const files = await parts.documents.collection(FILES);
  const named = new NamedTexts(around.drafts, around.releases, around.files);
  const sweep = new SweepTexts({ ...around, named, texts, clock });
  const purging: Provider = {
    provide: PurgeWorkspaces,
    inject: [ChangeFiles],
    useFactory: (changeFiles: ChangeFiles) => {
      const belongings = [filesOf(files, changeFiles), ...documents, textsOf(texts), egressOf(around.egress)];
      return new PurgeWorkspaces({ ...around, belongings, clock, ids });
    },
  };
  const sweeping: Provider = {
    provide: LEFTOVERS,
    inject: [PurgeWorkspaces],
    useFactory: (purge: PurgeWorkspaces) => {
      const chores = [
        {
          period: Math.min(HOUR, deletedSeconds * SECOND),
          failed: 'Workspaces that were deleted could not be removed.',
          work: () => purge.run(),
        },
        { period: 6 * HOUR, failed: 'Texts that nothing names could not be swept.', work: () => sweep.run() },
      ];
      return new Sweeps(chores, log);
    },
  };
  return [purging, sweeping];
}

/** The documents of workspaces, in the order in which they go. */
export async function documentsOf(documents: Documents, releases: Collection<Releases>): Promise<readonly Belonging[]> {
  return [
    manyOf(await documents.collection(KEYS), ({ id }) => id),
    manyOf(await documents.collection(SECRETS), secretId),
    oneOf(await documents.collection(DATA_KEYS)),
    manyOf(await documents.collection(MEMBERS), ({ id }) => id),
    manyOf(await documents.collection(SHARES), ({ id }) => id),
    oneOf(await documents.collection(ROLES)),
    manyOf(await documents.collection(SLUG_ALIASES), SLUG_ALIASES.id),
    manyOf(await documents.collection(INSTALLATIONS), INSTALLATIONS.id),
    manyOf(await documents.collection(SCHEMA_VERSIONS), ({ id }) => id),
    oneOf(await documents.collection(FILE_USES)),
    oneOf(await documents.collection(QUOTAS)),
    manyOf(await documents.collection(CONFIGS), configId),
    oneOf(await documents.collection(DRAFTS)),
    oneOf(releases),
  ];
}
