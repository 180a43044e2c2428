import { EventsService, type ListAuditRequest, type ListPlatformAuditRequest } from '@millrace/contracts';
import { Clock } from '@millrace/kernel';
import { eventToMessage, Rpc, type CallContext } from '@millrace/messaging';
import type { Granted } from '@millrace/auth';
import { Controller, Inject } from '@nestjs/common';
import { EventRights } from '../../application/reading/event-rights';
import { Readable } from '../../application/reading/readable';
import { SearchHistory } from '../../application/search-history';
import { AUDITED } from '../../application/reading/audited';
import { momentOf } from './moment';

const { method } = EventsService;
const DEFAULT_LIMIT = 50;

/** What was done, by whom, when and from where. */
@Controller()
export class AuditRpc {
  constructor(
    @Inject(EventRights) private readonly rights: EventRights,
    @Inject(SearchHistory) private readonly history: SearchHistory,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  @Rpc(method.listAudit)
  async listAudit(request: ListAuditRequest, context: CallContext) {
    return this.list(await this.rights.toAudit(context, request.workspaceId), request);
  }

  @Rpc(method.listPlatformAudit)
  async listPlatformAudit(request: ListPlatformAuditRequest, context: CallContext) {
    return this.list(this.rights.toAuditPlatform(context, this.clock.now()), request);
  }

  private async list({ id: workspaceId, permission }: Granted, request: Omit<ListPlatformAuditRequest, '$typeName'>) {
    const { where, cursor, limit, from, to, sort } = request;
    const { items, nextCursor = '' } = await this.history.search({
      ...{ workspaceId, types: AUDITED, where, text: '', cursor, readable: new Readable(permission) },
      limit: limit === 0 ? DEFAULT_LIMIT : limit,
      sort: sort === 'oldest' ? 'oldest' : 'newest',
      ...momentOf('from', from),
      ...momentOf('to', to),
    });
    return { items: items.map(eventToMessage), nextCursor };
  }
}
