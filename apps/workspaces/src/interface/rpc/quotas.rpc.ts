import { QuotasService, type GetQuotasRequest, type SetQuotasRequest } from '@millrace/contracts';
import { Rpc, type CallContext } from '@millrace/messaging';
import { Controller, Inject } from '@nestjs/common';
import { ManageQuotas, type QuotasView } from '../../application/quotas/manage-quotas';

const { method } = QuotasService;

@Controller()
export class QuotasRpc {
  constructor(@Inject(ManageQuotas) private readonly quotas: ManageQuotas) {}

  @Rpc(method.getQuotas)
  async get({ workspaceId }: GetQuotasRequest, context: CallContext) {
    return quotasMessage(await this.quotas.show(context, workspaceId));
  }

  @Rpc(method.setQuotas)
  async set({ workspaceId, quotas, ifMatch }: SetQuotasRequest, context: CallContext) {
    return quotasMessage(await this.quotas.set(context, workspaceId, quotas, { ifMatch }));
  }
}

function quotasMessage({ items, revision }: QuotasView) {
  return { items: items.map(({ most, used, ...item }) => ({ ...item, most: BigInt(most), used: BigInt(used) })), etag: String(revision) };
}
