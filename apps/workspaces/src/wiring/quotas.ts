import type { Provider } from '@nestjs/common';
import { ManageQuotas, type ManageQuotasParts } from '../application/quotas/manage-quotas';
import { QuotasRpc } from '../interface/rpc/quotas.rpc';

export const QUOTAS_RPC = [QuotasRpc];

/** The use cases of quotas. */
export function quotasOf(parts: ManageQuotasParts): Provider {
  return { provide: ManageQuotas, useValue: new ManageQuotas(parts) };
}
