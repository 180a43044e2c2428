import { RetentionService, type GetRetentionRequest, type PreviewPurgeRequest, type SetRetentionRequest } from '@millrace/contracts';
import { Rpc, type CallContext } from '@millrace/messaging';
import { Controller, Inject } from '@nestjs/common';
import type { KeptRules } from '../../application/ports/retentions';
import { EventRights } from '../../application/reading/event-rights';
import { ManageRetention } from '../../application/retention/manage-retention';
import { AUDIT_DAYS, DEFAULT_DAYS } from '../../application/retention/rules';

const { method } = RetentionService;

/** How long a workspace keeps its events. */
@Controller()
export class RetentionRpc {
  constructor(
    @Inject(EventRights) private readonly rights: EventRights,
    @Inject(ManageRetention) private readonly retention: ManageRetention,
  ) {}

  @Rpc(method.getRetention)
  async getRetention({ workspaceId }: GetRetentionRequest, context: CallContext) {
    const { id } = await this.rights.toRetention(context, workspaceId, 'read');
    return { retention: retentionMessage(await this.retention.get(id)) };
  }

  @Rpc(method.setRetention)
  async setRetention({ workspaceId, rules, ifMatch }: SetRetentionRequest, context: CallContext) {
    const { id } = await this.rights.toRetention(context, workspaceId, 'manage');
    const asked = rules.map(({ types, days }) => ({ types, days }));
    return { retention: retentionMessage(await this.retention.set(context, id, asked, ifMatch)) };
  }

  @Rpc(method.previewPurge)
  async previewPurge({ workspaceId, rules }: PreviewPurgeRequest, context: CallContext) {
    const { id } = await this.rights.toRetention(context, workspaceId, 'manage');
    const { count, types } = await this.retention.preview(id, rules);
    return { count, types: [...types] };
  }
}

function retentionMessage({ rules, revision }: KeptRules) {
  return {
    rules: rules.map(({ types, days }) => ({ types: [...types], days })),
    ...{ defaultDays: DEFAULT_DAYS, auditDays: AUDIT_DAYS, etag: String(revision) },
  };
}
