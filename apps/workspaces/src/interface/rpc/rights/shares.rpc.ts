import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs, timestampMs } from '@bufbuild/protobuf/wkt';
import {
  SharesService,
  type CreateShareRequest,
  type DeleteShareRequest,
  type ListSharesRequest,
  type ShareSchema,
} from '@millrace/contracts';
import type { Stored } from '@millrace/documents';
import { Listing } from '@millrace/lists';
import { Rpc, type CallContext } from '@millrace/messaging';
import { Controller, Inject } from '@nestjs/common';
import { ManageShares, waitsUntil, type SaidShare, type Share } from '../../../application/sharing/manage-shares';

const { method } = SharesService;
const SHARES = new Listing(method.listShares, 'in order');

/** The calls on what is shared one by one. */
@Controller()
export class SharesRpc {
  constructor(@Inject(ManageShares) private readonly shares: ManageShares) {}

  @Rpc(method.listShares)
  list(request: ListSharesRequest, context: CallContext) {
    return SHARES.answer(request, (page) => this.shares.list(context, request.workspaceId, page), shareMessage);
  }

  @Rpc(method.createShare)
  async create(request: CreateShareRequest, context: CallContext) {
    return { share: shareMessage(await this.shares.create(context, request.workspaceId, saidShare(request))) };
  }

  @Rpc(method.deleteShare)
  async delete({ workspaceId, shareId }: DeleteShareRequest, context: CallContext) {
    await this.shares.delete(context, workspaceId, shareId);
    return {};
  }
}

/** What a request says of a share; the checks of the schema have let it through. */
function saidShare({ subject, object, userId, email, role, actions, expiresAt }: CreateShareRequest): SaidShare {
  return {
    ...{ subject: subject as SaidShare['subject'], object, actions },
    ...(userId === '' ? {} : { user: userId }),
    ...(email === '' ? {} : { email }),
    ...(role === '' ? {} : { role }),
    ...(expiresAt === undefined ? {} : { expiresAt: timestampMs(expiresAt) }),
  };
}

function shareMessage({ document }: Stored<Share>): MessageInitShape<typeof ShareSchema> {
  const { id, subject, object, user = '', email = '', role = '', actions, sharer, createdAt, expiresAt } = document;
  const until = waitsUntil(document);
  return {
    ...{ id, subject, object, userId: user, email, role, actions: [...actions], createdBy: sharer.id },
    createdAt: timestampFromMs(createdAt),
    ...(expiresAt === undefined ? {} : { expiresAt: timestampFromMs(expiresAt) }),
    ...(until === undefined ? { state: 'active' } : { state: 'waiting', waitsUntil: timestampFromMs(until) }),
  };
}
