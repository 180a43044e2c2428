import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { RolloutService, type GetRolloutRequest } from '@millrace/contracts';
import { Rpc, type CallContext } from '@millrace/messaging';
import { Controller, Inject } from '@nestjs/common';
import { ShowRollout } from '../../../application/distribution/show-rollout';

const { method } = RolloutService;

@Controller()
export class RolloutRpc {
  constructor(@Inject(ShowRollout) private readonly show: ShowRollout) {}

  @Rpc(method.getRollout)
  async get({ workspaceId }: GetRolloutRequest, context: CallContext) {
    const { version = '', digest = '', settled, instances } = await this.show.run(context, workspaceId);
    const running = instances.map(({ startedAt, digest: runs = '', ...rest }) => ({
      ...rest,
      digest: runs,
      startedAt: timestampFromMs(startedAt),
    }));
    return { rollout: { version, digest, settled, instances: running } };
  }
}
