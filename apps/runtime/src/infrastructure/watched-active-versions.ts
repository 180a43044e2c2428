import { isId } from '@millrace/kernel';
import type { Bucket, Change, Watch } from '@millrace/messaging';
import type { ActiveRecord, ActiveRecords } from '../application/distribution/ports/active-records';
import { ActiveVersions, type ActiveVersion } from '../application/ports/models';
import type { Activations } from '../application/schedules/ports/activations';

/** The records of the bucket `active`, followed as they change; a workspace not seen yet is looked up before it is said to run nothing. */
export class WatchedActiveVersions extends ActiveVersions implements Activations, ActiveRecords {
  private readonly byId = new Map<string, ActiveVersion>();
  private readonly bySlug = new Map<string, ActiveVersion>();
  private readonly byFormerSlug = new Map<string, ActiveVersion>();
  private readonly followers = new Set<(workspaceId: string) => void>();
  private watch: Watch | undefined;
  private last = 0;

  constructor(private readonly bucket: Bucket) {
    super();
  }

  /** Resolves when every record there is has been seen. */
  async start(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.watch = await this.bucket.watch('', (change) => this.take(change), resolve);
    await promise;
  }

  async stop(): Promise<void> {
    await this.watch?.stop();
  }

  override async find(workspace: string): Promise<ActiveVersion | undefined> {
    if (!isId('ws', workspace)) return this.bySlug.get(workspace) ?? this.byFormerSlug.get(workspace);
    const known = this.byId.get(workspace);
    if (known !== undefined) return known;
    const entry = await this.bucket.get(workspace);
    return entry === undefined ? undefined : read(entry.value);
  }

  async current(workspaceId: string): Promise<ActiveRecord | undefined> {
    const entry = await this.bucket.get(workspaceId);
    if (entry === undefined) return undefined;
    const { version, digest } = JSON.parse(Buffer.from(entry.value).toString('utf8')) as ActiveRecord;
    return { version, digest, revision: entry.revision };
  }

  seen(): number {
    return this.last;
  }

  follow(changed: (workspaceId: string) => void): () => void {
    this.followers.add(changed);
    for (const workspaceId of this.byId.keys()) changed(workspaceId);
    return () => void this.followers.delete(changed);
  }

  private take(change: Change): void {
    this.replace(change);
    this.last = Math.max(this.last, change.revision);
    for (const changed of this.followers) changed(change.key);
  }

  private replace({ key, value }: Change): void {
    const before = this.byId.get(key);
    if (before !== undefined) this.forget(before);
    if (value === undefined) return;
    const version = read(value);
    this.byId.set(key, version);
    this.bySlug.set(version.slug, version);
    for (const slug of version.formerly ?? []) this.byFormerSlug.set(slug, version);
  }

  /** Another workspace may have taken a slug meanwhile. */
  private forget(version: ActiveVersion): void {
    this.byId.delete(version.workspaceId);
    if (this.bySlug.get(version.slug) === version) this.bySlug.delete(version.slug);
    for (const slug of version.formerly ?? []) if (this.byFormerSlug.get(slug) === version) this.byFormerSlug.delete(slug);
  }
}

function read(value: Uint8Array): ActiveVersion {
  return JSON.parse(Buffer.from(value).toString('utf8')) as ActiveVersion;
}
