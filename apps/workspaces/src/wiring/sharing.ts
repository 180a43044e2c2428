import type { Collection } from '@millrace/documents';
import type { ServiceParts } from '@millrace/service';
import type { Provider } from '@nestjs/common';
import type { Facts } from '../application/facts';
import { FileAccess } from '../application/files/file-access';
import { HeldShares } from '../application/sharing/held-shares';
import { ManageShares, type ManageSharesParts, type Share } from '../application/sharing/manage-shares';
import { TidyShares } from '../application/sharing/tidy-shares';
import { SHARES } from '../infrastructure/collections';
import { FILES } from '../infrastructure/file-collections';
import { SharingNews } from '../interface/events/sharing-news';
import { SharesRpc } from '../interface/rpc/rights/shares.rpc';
import { Sweeps } from '../interface/timers/sweeps';

const MINUTE = 60_000;

/** The sweep of shares whose time is over. */
const OVER = Symbol('shares whose time is over');

export const SHARING_RPC = [SharesRpc];

/** What is shared, and with whom. */
export interface Sharing {
  readonly shares: Collection<Share>;
  readonly held: HeldShares;
  readonly tidy: TidyShares;
}

/** What rights are found out with. */
export async function openSharing({ documents, clock, ids }: ServiceParts, facts: Facts): Promise<Sharing> {
  const shares = await documents.collection(SHARES);
  return { shares, held: new HeldShares(shares, clock), tidy: new TidyShares({ shares, facts, clock, ids }) };
}

/** The use cases of what is shared one by one. */
export async function sharingOf(
  { documents, platform, clock, ids, log }: ServiceParts,
  { shares, tidy }: Sharing,
  { access, automations, facts }: Pick<ManageSharesParts, 'access' | 'automations' | 'facts'>,
): Promise<readonly Provider[]> {
  const fileAccess = new FileAccess(await documents.collection(FILES), access, clock);
  const chore = { period: MINUTE, failed: 'Shares whose time is over could not be swept.', work: () => tidy.sweep() };
  return [
    { provide: ManageShares, useValue: new ManageShares({ shares, access, automations, facts, fileAccess, clock, ids }) },
    { provide: SharingNews, useValue: new SharingNews(platform.eventLog, tidy, clock) },
    { provide: OVER, useValue: new Sweeps([chore], log) },
  ];
}
