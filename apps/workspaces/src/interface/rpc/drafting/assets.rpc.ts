import { DraftsService, type AdmitAssetRequest, type OpenDraftFileRequest, type StageAssetRequest } from '@millrace/contracts';
import { Rpc, type CallContext } from '@millrace/messaging';
import { Controller, Inject } from '@nestjs/common';
import { DraftAssets } from '../../../application/drafting/draft-assets';

const { method } = DraftsService;
/** Bytes of a piece. */
const PIECE = 262_144;

/** What whoever carries the bytes of a draft asks. */
@Controller()
export class AssetsRpc {
  constructor(@Inject(DraftAssets) private readonly assets: DraftAssets) {}

  @Rpc(method.admitAsset)
  async admit({ workspaceId }: AdmitAssetRequest, context: CallContext) {
    return { most: await this.assets.admit(context, workspaceId) };
  }

  @Rpc(method.stageAsset)
  stage({ workspaceId, ref }: StageAssetRequest, context: CallContext) {
    return this.assets.stage(context, workspaceId, ref);
  }

  @Rpc(method.openDraftFile)
  async *open({ workspaceId, path }: OpenDraftFileRequest, context: CallContext) {
    const { digest, bytes } = await this.assets.open(context, workspaceId, path);
    yield { digest, bytes: new Uint8Array() };
    for (let at = 0; at < bytes.length; at += PIECE) yield { digest: '', bytes: Uint8Array.from(bytes.subarray(at, at + PIECE)) };
  }
}
