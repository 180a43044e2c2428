import { StagedBlobs } from '@millrace/blobs';
import type { ServiceParts } from '@millrace/service';
import type { Provider } from '@nestjs/common';
import type { Access } from '../application/access';
import type { Drafts } from '../application/drafts';
import type { Facts } from '../application/facts';
import { ChangeFiles } from '../application/files/change-files';
import { CommitFile } from '../application/files/commit-file';
import { CopyFiles } from '../application/files/copy-files';
import { FileAccess } from '../application/files/file-access';
import { FileLinks } from '../application/files/file-links';
import { FileUses } from '../application/files/file-uses';
import type { Photos } from '../application/files/photos';
import { ReadFiles } from '../application/files/read-files';
import { SweepFiles } from '../application/files/sweep-files';
import type { FileStore } from '../application/ports/file-store';
import { ReadSecrets } from '../application/secrets/read-secrets';
import { SetSecret } from '../application/secrets/set-secret';
import { FILE_QUOTA } from '../domain/files/usage';
import { FILE_USES, FILES, SECRETS } from '../infrastructure/file-collections';
import { DATA_KEYS, EnvelopeVault } from '../infrastructure/vault/envelope-vault';
import { HmacSigner } from '../infrastructure/vault/hmac-signer';
import type { MasterKeys } from '../infrastructure/vault/master-keys';
import { FileBytesRpc } from '../interface/rpc/file-bytes.rpc';
import { FilesRpc } from '../interface/rpc/files.rpc';
import { SecretsRpc } from '../interface/rpc/secrets.rpc';
import { Sweeps, type Chore } from '../interface/timers/sweeps';

const MINUTE = 60_000;

/** What keeping files and secrets stands on, besides the parts of the service. */
export interface KeepingParts {
  readonly access: Access;
  readonly drafts: Drafts;
  readonly files: FileStore;
  readonly facts: Facts;
  readonly photos: Photos;
}

export const KEEPING_RPC = [FilesRpc, FileBytesRpc, SecretsRpc];

/** The use cases of files and secrets. */
export async function keepingOf(parts: ServiceParts, around: KeepingParts, masters: MasterKeys): Promise<readonly Provider[]> {
  return [...(await filesOf(parts, around, masters)), ...(await secretsOf(parts, around, masters))];
}

async function filesOf(
  { platform, documents, clock, ids, log }: ServiceParts,
  { access, facts, photos }: KeepingParts,
  masters: MasterKeys,
) {
  const files = await documents.collection(FILES);
  const uses = new FileUses(await documents.collection(FILE_USES), files, clock, FILE_QUOTA);
  const staged = new StagedBlobs(platform.blobs, clock, ids);
  const fileAccess = new FileAccess(files, access, clock);
  const shared = { files, staged, photos, access, fileAccess, uses, facts, clock, ids };
  const changeFiles = new ChangeFiles(shared);
  return [
    { provide: ReadFiles, useValue: new ReadFiles(shared) },
    { provide: CopyFiles, useValue: new CopyFiles(shared) },
    { provide: CommitFile, useValue: new CommitFile(shared) },
    { provide: ChangeFiles, useValue: changeFiles },
    { provide: FileLinks, useValue: new FileLinks({ ...shared, signer: new HmacSigner(masters.derive('links to files')) }) },
    { provide: Sweeps, useValue: new Sweeps(choresOf(new SweepFiles({ ...shared, changeFiles })), log) },
  ];
}

/** Files whose time is over go every minute, what nobody owns every hour. */
function choresOf(sweep: SweepFiles): readonly Chore[] {
  return [
    { period: MINUTE, failed: 'Files whose time is over could not be deleted.', work: () => sweep.ended() },
    { period: 60 * MINUTE, failed: 'Uploads that nobody owns could not be swept.', work: () => sweep.abandoned() },
  ];
}

async function secretsOf({ documents, clock }: ServiceParts, around: KeepingParts, masters: MasterKeys) {
  const secrets = await documents.collection(SECRETS);
  const vault = new EnvelopeVault(await documents.collection(DATA_KEYS), masters);
  const shared = { ...around, secrets, vault, clock };
  return [
    { provide: ReadSecrets, useValue: new ReadSecrets(shared) },
    { provide: SetSecret, useValue: new SetSecret(shared) },
  ];
}
