import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import {
  DraftsService,
  type ApplyDraftRequest,
  type CheckDraftRequest,
  type DeleteFileTextRequest,
  type DiscardDraftRequest,
  type DraftFileSchema,
  type GetDraftRequest,
  type GetFileTextRequest,
  type PutFileTextRequest,
  type StageTextsRequest,
} from '@millrace/contracts';
import { Rpc, type CallContext } from '@millrace/messaging';
import { Controller, Inject } from '@nestjs/common';
import { CheckWorkspace } from '../../../application/checking/check-workspace';
import { DraftFiles, type FileText } from '../../../application/checking/draft-files';
import { ApplyDraft } from '../../../application/drafting/apply-draft';
import { DiscardDraft } from '../../../application/drafting/discard-draft';
import { ReadDraft } from '../../../application/drafting/read-draft';
import { discardedMessage, draftMessage, planMessage } from './draft-messages';
import { isLenient } from './lenient';
import { problemMessage } from '../views';

const { method } = DraftsService;
const decoder = new TextDecoder();

/** The calls on the draft as a whole. */
@Controller()
export class DraftsRpc {
  constructor(
    @Inject(CheckWorkspace) private readonly check: CheckWorkspace,
    @Inject(DraftFiles) private readonly files: DraftFiles,
    @Inject(ReadDraft) private readonly read: ReadDraft,
    @Inject(ApplyDraft) private readonly apply: ApplyDraft,
    @Inject(DiscardDraft) private readonly discard: DiscardDraft,
  ) {}

  @Rpc(method.getDraft)
  async getDraft({ workspaceId }: GetDraftRequest, context: CallContext) {
    return { draft: draftMessage(await this.read.run(context, workspaceId)) };
  }

  @Rpc(method.applyDraft)
  async applyDraft({ workspaceId: workspace, prefer, origin, ...asked }: ApplyDraftRequest, context: CallContext) {
    const application = { ...asked, workspace, lenient: isLenient(prefer), commit: origin?.commit ?? '' };
    return planMessage(await this.apply.run(context, application));
  }

  @Rpc(method.stageTexts)
  async stageTexts({ workspaceId, texts }: StageTextsRequest, context: CallContext) {
    return { digests: [...(await this.read.stage(context, workspaceId, texts))] };
  }

  @Rpc(method.discardDraft)
  async discardDraft({ workspaceId: workspace, ifMatch, paths }: DiscardDraftRequest, context: CallContext) {
    return discardedMessage(await this.discard.run(context, { workspace, ifMatch, paths }));
  }

  @Rpc(method.checkDraft)
  async checkDraft({ workspaceId }: CheckDraftRequest, context: CallContext) {
    const problems = await this.check.draft(context, workspaceId);
    return { publishable: !problems.some(({ severity }) => severity === 'error'), problems: problems.map(problemMessage) };
  }

  @Rpc(method.getFileText)
  async get({ workspaceId: workspace, path }: GetFileTextRequest, context: CallContext) {
    return { file: fileMessage(await this.files.get(context, { workspace, path })) };
  }

  @Rpc(method.putFileText)
  async put({ workspaceId: workspace, path, text, ifMatch, ifNoneMatch }: PutFileTextRequest, context: CallContext) {
    return { file: fileMessage(await this.files.put(context, { workspace, path }, decoder.decode(text), { ifMatch, ifNoneMatch })) };
  }

  @Rpc(method.deleteFileText)
  async delete({ workspaceId: workspace, path, ifMatch }: DeleteFileTextRequest, context: CallContext) {
    await this.files.delete(context, { workspace, path }, { ifMatch });
    return {};
  }
}

function fileMessage({ path, text, file }: FileText): MessageInitShape<typeof DraftFileSchema> {
  const { digest, revision, updatedBy, updatedAt } = file;
  return { path, text, digest, updatedBy, updatedAt: timestampFromMs(updatedAt), etag: String(revision) };
}
