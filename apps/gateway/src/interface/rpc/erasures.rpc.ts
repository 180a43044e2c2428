import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { GatewayService, type GetErasureRequest } from '@millrace/contracts';
import { Rpc } from '@millrace/messaging';
import { Controller, Inject } from '@nestjs/common';
import { Leave, type ErasureView } from '../../application/leaving/leave';

const { method } = GatewayService;

/** How far the erasures of people are who have left. */
@Controller()
export class ErasuresRpc {
  constructor(@Inject(Leave) private readonly leave: Leave) {}

  @Rpc(method.getErasure)
  async getErasure({ receipt }: GetErasureRequest) {
    return { erasure: messageOf(await this.leave.stateOf(receipt)) };
  }
}

function messageOf({ state, by, beganAt, finishedAt, erased }: ErasureView) {
  return {
    ...{ state, by, beganAt: timestampFromMs(beganAt) },
    ...(finishedAt === undefined ? {} : { finishedAt: timestampFromMs(finishedAt) }),
    erased: Object.entries(erased).map(([service, { at, counts }]) => ({ service, at: timestampFromMs(at), counts: { ...counts } })),
  };
}
