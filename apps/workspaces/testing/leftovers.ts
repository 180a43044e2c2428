import { StagedBlobs } from '@millrace/blobs';
import type { ServiceParts } from '@millrace/service';
import { Facts } from '../src/application/facts';
import { ChangeFiles } from '../src/application/files/change-files';
import { FileAccess } from '../src/application/files/file-access';
import { FileUses } from '../src/application/files/file-uses';
import { Photos } from '../src/application/files/photos';
import { egressOf, filesOf, textsOf } from '../src/application/life/belongings';
import { PurgeWorkspaces } from '../src/application/life/purge-workspaces';
import { FILE_QUOTA } from '../src/domain/files/usage';
import { APPS, INSTALLATIONS } from '../src/infrastructure/app-collections';
import { BlobUnnamedTexts } from '../src/infrastructure/blob-unnamed-texts';
import { CONFIGS, DRAFTS, MEMBERS, RELEASES, ROLES, SHARES, SLUG_ALIASES, WORKSPACES } from '../src/infrastructure/collections';
import { KEYS } from '../src/infrastructure/credentials';
import { SCHEMA_VERSIONS } from '../src/infrastructure/event-type-collections';
import { FILE_USES, FILES, SECRETS } from '../src/infrastructure/file-collections';
import { egressRecordsIn } from '../src/infrastructure/newest-records';
import { DATA_KEYS } from '../src/infrastructure/vault/envelope-vault';
import { documentsOf } from '../src/wiring/sweeping';

const KINDS = [WORKSPACES, RELEASES, DRAFTS, MEMBERS, ROLES, SHARES, SLUG_ALIASES, FILES, FILE_USES, SECRETS, DATA_KEYS, KEYS, CONFIGS];

/** What removes workspaces of a service whose clock is so many milliseconds ahead. */
export async function purgeIn(parts: ServiceParts, ahead: number): Promise<PurgeWorkspaces> {
  const { documents, platform, clock: now, ids } = parts;
  const clock = { now: () => now.now() + ahead };
  const workspaces = await documents.collection(WORKSPACES);
  const releases = await documents.collection(RELEASES);
  const files = await documents.collection(FILES);
  const uses = new FileUses(await documents.collection(FILE_USES), files, clock, FILE_QUOTA);
  const staged = new StagedBlobs(platform.blobs, clock, ids);
  const facts = new Facts(clock, ids);
  const photos = new Photos({ workspaces, apps: await documents.collection(APPS), files, facts, clock });
  // Nobody is asked whether they may when a workspace goes.
  const fileAccess = Object.create(FileAccess.prototype) as FileAccess;
  const change = new ChangeFiles({ files, staged, fileAccess, uses, photos, facts, clock });
  const texts = textsOf(new BlobUnnamedTexts(platform.blobs));
  const egress = egressOf(egressRecordsIn(await platform.keyValue.bucket('egress')));
  const belongings = [filesOf(files, change), ...(await documentsOf(documents, releases)), texts, egress];
  return new PurgeWorkspaces({ workspaces, belongings, facts, clock, ids });
}

/** The names of what still names a workspace in a service: kinds of documents, records, keys of blobs. */
export async function leftIn({ documents, platform }: ServiceParts, workspaceId: string): Promise<readonly string[]> {
  const names: string[] = [];
  for (const spec of [...KINDS, SCHEMA_VERSIONS, INSTALLATIONS]) {
    const collection = await documents.collection(spec as typeof WORKSPACES);
    const { items } = await collection.page({ limit: 200 });
    if (items.some(({ document }) => JSON.stringify(document).includes(workspaceId))) names.push(spec.name);
  }
  const blobs = await platform.blobs.list('', 1_000);
  if ((await (await platform.keyValue.bucket('egress')).get(workspaceId)) !== undefined) names.push('egress');
  return [...names, ...blobs.filter((key) => key.startsWith('workspaces/') && key.includes(workspaceId))];
}
