import type { ServiceParts } from '@millrace/service';
import type { Provider } from '@nestjs/common';
import type { WorkspacesConfig } from '../config';
import { EXCHANGE_RPC, exchangeOf } from './exchange';
import type { OpenApps } from './apps';
import { LIFE_RPC, lifeOf, type LifeParts } from './life';
import { sweepingOf, type SweepingParts } from './sweeping';
import { savesOf, VERSIONS_RPC, versionsOf } from './versions';

export const WHOLES_RPC = [...VERSIONS_RPC, ...EXCHANGE_RPC, ...LIFE_RPC];

/** The use cases of workspaces as a whole: their versions, how they come and go, and what they leave behind. */
export async function wholesOf(
  parts: ServiceParts,
  around: LifeParts & SweepingParts & Pick<OpenApps, 'catalogue' | 'mounts'>,
  config: WorkspacesConfig,
): Promise<readonly Provider[]> {
  return [
    ...versionsOf({ ...around, clock: parts.clock }),
    savesOf(parts, around),
    ...(await exchangeOf(parts, around)),
    ...lifeOf(parts, around, config),
    ...(await sweepingOf(parts, around, config)),
  ];
}
