import type { StagedBlobs } from '@millrace/blobs';
import { DomainError } from '@millrace/kernel';
import type { CallContext } from '@millrace/messaging';
import { fileAt } from '../../domain/draft';
import { LARGEST_ASSET } from '../../domain/tree/assets';
import type { Access } from '../access';
import { ROLES_PATH } from '../checking/reads-roles';
import type { Drafts } from '../drafts';
import type { FileStore } from '../ports/file-store';

export interface DraftAssetsParts {
  readonly access: Access;
  readonly drafts: Drafts;
  readonly files: FileStore;
  readonly staged: Pick<StagedBlobs, 'stat' | 'get' | 'discard'>;
}

/** Takes in bytes for an apply, and gives files of a draft out byte for byte. */
export class DraftAssets {
  constructor(private readonly parts: DraftAssetsParts) {}

  /** Refuses who may not; else the most bytes that may come. */
  async admit(context: CallContext, name: string): Promise<number> {
    await this.parts.access.require(context, name, 'manage', 'automations');
    return LARGEST_ASSET;
  }

  /** Stores staged bytes that an apply will name by their digest; answers that. The staged ones are gone afterwards. */
  async stage(context: CallContext, name: string, ref: string): Promise<{ readonly digest: string; readonly size: number }> {
    const { access, files, staged } = this.parts;
    try {
      const { workspace } = await access.require(context, name, 'manage', 'automations');
      if ((await staged.stat(ref)).size > LARGEST_ASSET) throw tooLarge();
      return await files.put(workspace.id, Buffer.concat(await Array.fromAsync(await staged.get(ref))));
    } finally {
      // What is left after all is swept.
      await staged.discard(ref).catch(() => undefined);
    }
  }

  /** A file as it stands in the draft. */
  async open(context: CallContext, name: string, path: string): Promise<{ readonly digest: string; readonly bytes: Uint8Array }> {
    const { access, drafts, files } = this.parts;
    const { workspace } = await access.require(context, name, 'read', 'automations');
    if (path === ROLES_PATH) await access.require(context, name, 'read', 'roles');
    const file = fileAt(await drafts.read(workspace.id), path);
    if (file === undefined) throw draftFileMissing(path);
    return { digest: file.digest, bytes: await files.bytes(workspace.id, file.digest) };
  }
}

/** No file of the draft has this path. */
export function draftFileMissing(path: string): DomainError {
  return new DomainError('workspaces.draft_file_not_found', 'not-found', `There is no file "${path}" in the draft.`, { facts: { path } });
}

function tooLarge(): DomainError {
  return new DomainError('workspaces.asset_too_large', 'invalid', `An asset has at most ${LARGEST_ASSET} bytes. Make several files of it.`);
}
