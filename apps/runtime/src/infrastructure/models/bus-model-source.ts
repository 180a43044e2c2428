import { createHash } from 'node:crypto';
import type { Blobs } from '@millrace/blobs';
import { WorkspacesService } from '@millrace/contracts';
import { servicePrincipal, type Clock, type Ids } from '@millrace/kernel';
import type { WorkspaceSources } from '@millrace/language';
import type { Bus, CallContext } from '@millrace/messaging';
import { ModelSource, type DraftModel } from '../../application/ports/models';
import { gather } from './gathered-sources';
import type { ModelFolder } from './model-folder';
import { verified } from './verified-files';

const PATIENCE = 10_000;
const DRAFT = 'draft-';

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Files from the service of workspaces; those of versions from the disk of this machine, once they have been fetched. */
export class BusModelSource extends ModelSource {
  constructor(
    private readonly bus: Bus,
    private readonly clock: Clock,
    private readonly ids: Ids,
    private readonly blobs: Blobs,
    private readonly folder: ModelFolder,
  ) {
    super();
  }

  override async version(workspaceId: string, digest: string): Promise<WorkspaceSources> {
    if (digest.startsWith(DRAFT)) return JSON.parse(decoder.decode(await this.blobs.read(keyOf(workspaceId, digest)))) as WorkspaceSources;
    return (await this.folder.find(workspaceId, digest)) ?? this.fetch(workspaceId, digest);
  }

  /** Kept, so that a run of it can be taken on when the draft has moved on. */
  override async draft(workspaceId: string, context: CallContext): Promise<DraftModel> {
    const sources = await gather(this.bus.stream(WorkspacesService.method.fetchDraft, { workspaceId }, context));
    const bytes = encoder.encode(JSON.stringify(sources));
    const digest = DRAFT + createHash('sha256').update(bytes).digest('hex');
    await this.blobs.put(keyOf(workspaceId, digest), bytes);
    return { digest, sources };
  }

  private async fetch(workspaceId: string, digest: string): Promise<WorkspaceSources> {
    const context: CallContext = {
      principal: servicePrincipal('runtime'),
      correlationId: this.ids.mint('cor'),
      deadline: this.clock.now() + PATIENCE,
    };
    const coming = this.bus.stream(WorkspacesService.method.fetchModel, { workspaceId, digest }, context);
    const files = await Array.fromAsync(verified(coming, digest));
    this.folder.keep(workspaceId, digest, files);
    return gather(files);
  }
}

function keyOf(workspaceId: string, digest: string): string {
  return `${workspaceId}/drafts/${digest}`;
}
