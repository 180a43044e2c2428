import {
  FilesService,
  type CreateLinkRequest,
  type DeleteFileRequest,
  type GetFileRequest,
  type ListFilesRequest,
  type ListLinksRequest,
  type RevokeLinkRequest,
  type UpdateFileRequest,
} from '@millrace/contracts';
import { Listing } from '@millrace/lists';
import { Rpc, type CallContext } from '@millrace/messaging';
import { Controller, Inject } from '@nestjs/common';
import { ChangeFiles } from '../../application/files/change-files';
import { FileLinks } from '../../application/files/file-links';
import { ReadFiles } from '../../application/files/read-files';
import { endOf, fileMessage, linkMessage, metadataPatch, visibilityOf } from './file-messages';

const { method } = FilesService;
const FILES = new Listing(method.listFiles, 'in order');
const LINKS = new Listing(method.listLinks);

@Controller()
export class FilesRpc {
  constructor(
    @Inject(ReadFiles) private readonly read: ReadFiles,
    @Inject(ChangeFiles) private readonly change: ChangeFiles,
    @Inject(FileLinks) private readonly links: FileLinks,
  ) {}

  @Rpc(method.listFiles)
  list(request: ListFilesRequest, context: CallContext) {
    return FILES.answer(request, (page) => this.read.list(context, request.workspaceId, page), fileMessage);
  }

  @Rpc(method.getFile)
  async get({ workspaceId, fileId }: GetFileRequest, context: CallContext) {
    return { file: fileMessage(await this.read.get(context, workspaceId, fileId)) };
  }

  @Rpc(method.updateFile)
  async update(request: UpdateFileRequest, context: CallContext) {
    const { workspaceId: workspace, fileId: id, name, visibility, metadata, expiresAt, ifMatch } = request;
    const said = {
      ...(name === undefined ? {} : { name }),
      ...(visibility === undefined ? {} : { visibility: visibilityOf(visibility) }),
      ...(metadata.length === 0 ? {} : { metadata: metadataPatch(metadata) }),
      ...(expiresAt === undefined ? {} : { expiresAt: endOf(expiresAt) }),
    };
    return { file: fileMessage(await this.change.update(context, { workspace, id, conditions: { ifMatch } }, said)) };
  }

  @Rpc(method.deleteFile)
  async delete({ workspaceId: workspace, fileId: id, ifMatch }: DeleteFileRequest, context: CallContext) {
    await this.change.delete(context, { workspace, id, conditions: { ifMatch } });
    return {};
  }

  @Rpc(method.listLinks)
  async listLinks(request: ListLinksRequest, context: CallContext) {
    return LINKS.among(request, (await this.links.list(context, request.workspaceId, request.fileId)).map(linkMessage));
  }

  @Rpc(method.createLink)
  async createLink({ workspaceId, fileId, seconds }: CreateLinkRequest, context: CallContext) {
    return { link: linkMessage(await this.links.create(context, workspaceId, fileId, seconds)) };
  }

  @Rpc(method.revokeLink)
  async revokeLink({ workspaceId, fileId, linkId }: RevokeLinkRequest, context: CallContext) {
    await this.links.revoke(context, workspaceId, fileId, linkId);
    return {};
  }
}
