import type { Collection } from '@millrace/documents';
import type { ServiceParts } from '@millrace/service';
import type { Provider } from '@nestjs/common';
import { MOST_MEMBERS } from '../application/members/manage-members';
import { documentsOf, heldIn, type Counted, type HeldParts } from '../application/quotas/counted';
import type { Drafts } from '../application/drafts';
import { ManageQuotas, type ManageQuotasParts } from '../application/quotas/manage-quotas';
import { MOST_ROLES, type RoleBook } from '../application/rights/role-book';
import { MOST_SHARES } from '../application/sharing/manage-shares';
import { MOST_KEYS } from '../domain/credentials/key';
import { FILE_QUOTA, noUsage, type FileUsage } from '../domain/files/usage';
import type { Member } from '../domain/members';
import { MOST_SECRETS } from '../domain/secrets/secret';
import { SHARES } from '../infrastructure/collections';
import { KEYS } from '../infrastructure/credentials';
import { FILE_USES, SECRETS } from '../infrastructure/file-collections';
import { QuotasRpc } from '../interface/rpc/quotas.rpc';

export const QUOTAS_RPC = [QuotasRpc];

interface Shared extends Omit<ManageQuotasParts, 'counted'>, HeldParts {
  readonly drafts: Drafts;
  readonly members: Collection<Member>;
  readonly books: Collection<RoleBook>;
}

/** The use cases of quotas. */
export async function quotasOf({ documents }: ServiceParts, { members, books, ...shared }: Shared): Promise<Provider> {
  const counted: readonly Counted[] = [
    ...filesIn(await documents.collection(FILE_USES)),
    documentsOf('keys', await documents.collection(KEYS), MOST_KEYS),
    documentsOf('members', members, MOST_MEMBERS),
    { name: 'roles', most: MOST_ROLES, count: async (id) => Object.keys((await books.find(id))?.document.roles ?? {}).length },
    documentsOf('secrets', await documents.collection(SECRETS), MOST_SECRETS),
    documentsOf('shares', await documents.collection(SHARES), MOST_SHARES),
    ...heldIn(shared),
  ];
  const byName = counted.toSorted((one, other) => (one.name < other.name ? -1 : 1));
  return { provide: ManageQuotas, useValue: new ManageQuotas({ ...shared, counted: byName }) };
}

function filesIn(uses: Pick<Collection<FileUsage>, 'find'>): readonly Counted[] {
  const used = async (id: string): Promise<FileUsage> => (await uses.find(id))?.document ?? noUsage(id);
  return [
    { name: 'files', most: FILE_QUOTA.files, count: async (id) => (await used(id)).files },
    { name: 'file-bytes', most: FILE_QUOTA.bytes, count: async (id) => (await used(id)).bytes },
  ];
}
