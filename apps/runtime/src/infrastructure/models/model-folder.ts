import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, rmdir, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import type { FetchModelResponse } from '@millrace/contracts';
import type { Clock } from '@millrace/kernel';
import type { WorkspaceSources } from '@millrace/language';
import type { Log } from '@millrace/observability';
import { gather } from './gathered-sources';
import { filesIn, modelFile } from './model-file';
import { verified } from './verified-files';

export interface ModelFolderOptions {
  /** Made when new. Other processes may use it at the same time; it may be emptied at any time. */
  readonly folder: string;
  /** Bytes that its files may take up; 0: nothing is kept. */
  readonly most: number;
  readonly clock: Clock;
  readonly log: Log;
}

const NOTHING = { size: 0, mtimeMs: 0 };

/**
 * Versions on the disk of this machine, so that a restart fetches none: `kept/<workspace>/<digest>` is one, `incoming/` holds what is being
 * written. All of it can be had again. So nobody waits for a write, what is not whole is as good as absent, and a disk that fails is told
 * of in the log and to nobody else.
 */
export class ModelFolder {
  private readonly kept: string;
  private readonly incoming: string;
  /** Bytes by name, the one used last at the end. */
  private readonly sizes = new Map<string, number>();
  private total = 0;
  /** What writes, removes and counts, one after the other. */
  private work: Promise<void> = Promise.resolve();

  constructor(private readonly options: ModelFolderOptions) {
    this.kept = join(options.folder, 'kept');
    this.incoming = join(options.folder, 'incoming');
    this.do('look through', () => this.takeStock());
  }

  /** The version, if it is here as it was fetched. */
  async find(workspaceId: string, digest: string): Promise<WorkspaceSources | undefined> {
    const name = `${workspaceId}/${digest}`;
    const bytes = this.options.most === 0 ? undefined : await readFile(join(this.kept, name)).catch(() => undefined);
    if (bytes === undefined) return undefined;
    try {
      const sources = await gather(verified(filesIn(name, bytes), digest));
      this.do('use', () => this.use(name));
      return sources;
    } catch (error) {
      this.options.log.warn('A version on the disk is damaged; it is fetched again.', { error, workspaceId, digest });
      this.do('remove', () => this.remove(name));
      return undefined;
    }
  }

  /** Keeps a version from now on, at the cost of those that were not used for longest. */
  keep(workspaceId: string, digest: string, files: readonly FetchModelResponse[]): void {
    const name = `${workspaceId}/${digest}`;
    this.do('keep', () => this.write(name, modelFile(name, files)));
  }

  /** Keeps nothing of the workspaces that are gone any more: of this one, or of all that have something here. */
  forgetIf(isGone: (workspaceId: string) => Promise<boolean>, only?: string): void {
    this.do('remove', async () => {
      const asked = only === undefined ? new Set([...this.sizes.keys()].map(dirname)) : [only];
      for (const workspaceId of asked) if (await isGone(workspaceId)) await this.leave(workspaceId);
    });
  }

  /** Resolves when what was begun is done. */
  async close(): Promise<void> {
    await this.work;
  }

  private do(what: string, work: () => Promise<void>): void {
    if (this.options.most === 0) return;
    this.work = this.work
      .then(work)
      .catch((error: unknown) => this.options.log.warn(`The folder of versions cannot be used; versions are fetched.`, { error, what }));
  }

  /** What a killed process left half written goes; what is here is counted, in the order of its use. */
  private async takeStock(): Promise<void> {
    await rm(this.incoming, { recursive: true, force: true });
    for (const folder of [this.incoming, this.kept]) await mkdir(folder, { recursive: true, mode: 0o700 });
    const found: { readonly name: string; readonly size: number; readonly usedAt: number }[] = [];
    for (const entry of await readdir(this.kept, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      // Another process may have removed it meanwhile.
      const { size, mtimeMs: usedAt } = (entry.isFile() ? await stat(path).catch(() => undefined) : undefined) ?? NOTHING;
      found.push({ name: relative(this.kept, path), size, usedAt });
    }
    for (const { name, size } of found.sort((a, b) => a.usedAt - b.usedAt)) this.count(name, size);
    await this.makeRoom();
  }

  private async write(name: string, bytes: Uint8Array): Promise<void> {
    if (bytes.length > this.options.most) return;
    const path = join(this.incoming, randomUUID());
    await mkdir(dirname(join(this.kept, name)), { recursive: true, mode: 0o700 });
    try {
      await writeFile(path, bytes, { flag: 'wx', mode: 0o600 });
      await rename(path, join(this.kept, name));
    } finally {
      await rm(path, { force: true });
    }
    this.count(name, bytes.length);
    await this.makeRoom();
  }

  /** The time of a file is when it was last used, so that the next process knows. */
  private async use(name: string): Promise<void> {
    const size = this.sizes.get(name);
    if (size === undefined) return;
    this.count(name, size);
    const now = new Date(this.options.clock.now());
    await utimes(join(this.kept, name), now, now);
  }

  private async makeRoom(): Promise<void> {
    for (const name of this.sizes.keys()) {
      if (this.total <= this.options.most) return;
      await this.remove(name);
    }
  }

  private async remove(name: string): Promise<void> {
    this.count(name, 0);
    await rm(join(this.kept, name), { force: true });
    // Others of its workspace may be here still.
    await rmdir(dirname(join(this.kept, name))).catch(() => undefined);
  }

  private async leave(workspaceId: string): Promise<void> {
    for (const name of this.sizes.keys()) if (name.startsWith(`${workspaceId}/`)) this.count(name, 0);
    await rm(join(this.kept, workspaceId), { recursive: true, force: true });
  }

  /** As the one used last; without bytes it is not here. */
  private count(name: string, size: number): void {
    this.total += size - (this.sizes.get(name) ?? 0);
    this.sizes.delete(name);
    if (size > 0) this.sizes.set(name, size);
  }
}
