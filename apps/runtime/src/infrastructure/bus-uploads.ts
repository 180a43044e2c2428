import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import type { StagedBlobs } from '@millrace/blobs';
import { FilesService } from '@millrace/contracts';
import { servicePrincipal } from '@millrace/kernel';
import type { Bus, CallContext } from '@millrace/messaging';
import { Uploads, type Keeping } from '../application/ports/uploads';
import type { FileReference, UploadedFile } from '../domain/upload';

/** Staged blobs, of which the service of workspaces makes files. */
export class BusUploads extends Uploads {
  constructor(
    private readonly bus: Bus,
    private readonly staged: StagedBlobs,
  ) {
    super();
  }

  override async read({ ref }: UploadedFile): Promise<Uint8Array> {
    return Buffer.concat(await Array.fromAsync(await this.staged.get(ref)));
  }

  override async keep(context: CallContext, sent: UploadedFile, { workspaceId, endpoint, expiresAt }: Keeping): Promise<FileReference> {
    // The endpoint has let the caller in; what they may do with files of the workspace otherwise does not matter here.
    const { passport: _, ...asked } = { ...context, principal: servicePrincipal('runtime') };
    const commit = {
      ...{ workspaceId, ref: sent.ref, name: sent.name, declaredType: sent.type, owner: context.principal.id },
      metadata: { endpoint },
      expiresAt: timestampFromMs(expiresAt),
    };
    const { file } = await this.bus.call(FilesService.method.commitFile, commit, asked);
    if (file === undefined) throw new Error('The service of workspaces kept a file and did not say which.');
    const { id, name, size, type, sha256 } = file;
    return { file: id, name, size, type, sha256 };
  }

  override async discard({ ref }: UploadedFile): Promise<void> {
    await this.staged.discard(ref).catch(() => undefined);
  }
}
