import type { ServiceParts } from '@millrace/service';
import type { Provider } from '@nestjs/common';
import { EXCHANGE_RPC, exchangeOf } from './exchange';
import { LIFE_RPC, lifeOf, type LifeParts } from './life';
import { sweepingOf } from './sweeping';
import { VERSIONS_RPC, versionsOf } from './versions';

export const WHOLES_RPC = [...VERSIONS_RPC, ...EXCHANGE_RPC, ...LIFE_RPC];

/** The use cases of workspaces as a whole: their versions, how they come and go, and what they leave behind. */
export async function wholesOf(parts: ServiceParts, around: LifeParts): Promise<readonly Provider[]> {
  return [
    ...versionsOf({ ...around, clock: parts.clock }),
    ...exchangeOf(parts, around),
    ...lifeOf(parts, around),
    await sweepingOf(parts, around),
  ];
}
