import {
  FilesService,
  type AdmitUploadRequest,
  type CommitContentRequest,
  type CommitFileRequest,
  type OpenFileRequest,
  type OpenLinkRequest,
} from '@millrace/contracts';
import { timestampMs } from '@bufbuild/protobuf/wkt';
import { Rpc, type CallContext } from '@millrace/messaging';
import { Controller, Inject } from '@nestjs/common';
import { ChangeFiles } from '../../application/files/change-files';
import { CommitFile } from '../../application/files/commit-file';
import { FileLinks } from '../../application/files/file-links';
import { ReadFiles } from '../../application/files/read-files';
import { contentMessage, fileMessage, visibilityOf } from './file-messages';

const { method } = FilesService;

/** What whoever carries the bytes of files asks: may they come, what became of them, where are they. */
@Controller()
export class FileBytesRpc {
  constructor(
    @Inject(ReadFiles) private readonly read: ReadFiles,
    @Inject(CommitFile) private readonly commitFile: CommitFile,
    @Inject(ChangeFiles) private readonly change: ChangeFiles,
    @Inject(FileLinks) private readonly links: FileLinks,
  ) {}

  @Rpc(method.admitUpload)
  async admit({ workspaceId, fileId, size }: AdmitUploadRequest, context: CallContext) {
    return this.read.admit(context, workspaceId, fileId, size);
  }

  @Rpc(method.commitFile)
  async commit(request: CommitFileRequest, context: CallContext) {
    const { workspaceId, ref, name, declaredType: declared, visibility, metadata, expiresAt, owner } = request;
    const said = {
      ...{ ref, name, declared, owner, metadata },
      ...(visibility === '' ? {} : { visibility: visibilityOf(visibility) }),
      ...(expiresAt === undefined ? {} : { expiresAt: timestampMs(expiresAt) }),
    };
    return { file: fileMessage(await this.commitFile.run(context, workspaceId, said)) };
  }

  @Rpc(method.commitContent)
  async replace(request: CommitContentRequest, context: CallContext) {
    const { workspaceId: workspace, fileId: id, ref, declaredType: declared, ifMatch } = request;
    return { file: fileMessage(await this.change.replace(context, { workspace, id, conditions: { ifMatch } }, { ref, declared })) };
  }

  @Rpc(method.openFile)
  async open({ workspaceId, fileId }: OpenFileRequest, context: CallContext) {
    return { content: contentMessage(await this.read.open(context, workspaceId, fileId)) };
  }

  @Rpc(method.openLink)
  async openLink({ token }: OpenLinkRequest) {
    return { content: contentMessage(await this.links.open(token)) };
  }
}
