import type { Collection } from '@millrace/documents';
import type { Clock } from '@millrace/kernel';
import type { WorkspaceFile } from '../../domain/files/file';
import { noUsage, useMore, type FileQuota, type FileUsage } from '../../domain/files/usage';
import { ensure } from '../ensure';

/** A usage, and when it was last counted file by file. */
export interface CountedUsage extends FileUsage {
  readonly countedAt: number;
}

const PAGE = 200;
const DAY = 86_400_000;

/**
 * What the files of each workspace take up. Taken before a file is written and given back after one is gone, so a crash in between leaves
 * too much; once a day the files themselves are counted.
 */
export class FileUses {
  constructor(
    private readonly uses: Collection<CountedUsage>,
    private readonly files: Collection<WorkspaceFile>,
    private readonly clock: Clock,
    private readonly quota: FileQuota,
  ) {}

  /** The most bytes one more upload may have. */
  async room(workspaceId: string): Promise<number> {
    const { bytes } = (await this.uses.find(workspaceId))?.document ?? noUsage(workspaceId);
    return Math.max(0, Math.min(this.quota.upload, this.quota.bytes - bytes));
  }

  /** Takes so much more; refuses with `workspaces.quota_reached`. */
  async take(workspaceId: string, more: { readonly files: number; readonly bytes: number }): Promise<void> {
    await ensure(this.uses, workspaceId, () => ({ ...noUsage(workspaceId), countedAt: this.clock.now() }));
    const change = (usage: CountedUsage) => ({ document: { ...usage, ...useMore(usage, more, this.quota) }, events: [] });
    await this.uses.update(workspaceId, change);
  }

  /** Takes so much more for as long as the work goes well. */
  async during<T>(workspaceId: string, more: { readonly files: number; readonly bytes: number }, work: () => Promise<T>): Promise<T> {
    await this.take(workspaceId, more);
    try {
      return await work();
    } catch (error) {
      await this.take(workspaceId, { files: -more.files, bytes: -more.bytes });
      throw error;
    }
  }

  /** Counts the files of workspaces whose usage was last counted a day ago. One that changes meanwhile is left to the next time. */
  async recount(): Promise<void> {
    const { items } = await this.uses.page({ by: 'counted', limit: PAGE });
    for (const { document, revision } of items) {
      if (document.countedAt + DAY > this.clock.now()) return;
      const counted = { ...document, ...(await this.count(document.workspaceId)), countedAt: this.clock.now() };
      await this.uses.update(document.workspaceId, () => ({ document: counted, events: [] }), revision).catch(() => undefined);
    }
  }

  private async count(workspaceId: string): Promise<FileUsage> {
    let usage = noUsage(workspaceId);
    for await (const { document } of this.files.each({ where: { workspace: workspaceId } })) {
      usage = { ...usage, files: usage.files + 1, bytes: usage.bytes + document.size };
    }
    return usage;
  }
}
