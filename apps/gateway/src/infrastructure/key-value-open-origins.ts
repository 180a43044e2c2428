import type { Change, KeyValue, Watch } from '@millrace/messaging';
import type { Log } from '@millrace/observability';
import type { OnApplicationShutdown } from '@nestjs/common';
import { OpenOrigins } from '../application/ports/open-origins';

const BUCKET = 'origins';

/** What the workspaces service tells of one of them. */
interface Told {
  readonly slug: string;
  readonly origins: ReadonlySet<string>;
}

/** The origins that workspaces let in, as the bucket `origins` tells of them: by the workspace's id, JSON. */
export class KeyValueOpenOrigins extends OpenOrigins implements OnApplicationShutdown {
  private readonly byId = new Map<string, Told>();
  private readonly bySlug = new Map<string, string>();
  private watch: Watch | undefined;

  private constructor(private readonly log: Log) {
    super();
  }

  /** Knows all there are when it resolves. */
  static async open(keyValue: KeyValue, log: Log): Promise<KeyValueOpenOrigins> {
    const known = new KeyValueOpenOrigins(log);
    const { promise: ready, resolve } = Promise.withResolvers<void>();
    known.watch = await (await keyValue.bucket(BUCKET)).watch('', (change) => known.note(change), resolve);
    await ready;
    return known;
  }

  override letsIn(workspace: string, origin: string): boolean {
    const told = this.byId.get(workspace) ?? this.byId.get(this.bySlug.get(workspace) ?? '');
    return told?.origins.has(origin) === true;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.watch?.stop();
  }

  private note({ key, value }: Change): void {
    const before = this.byId.get(key);
    // Another workspace may have taken the slug meanwhile.
    if (before !== undefined && this.bySlug.get(before.slug) === key) this.bySlug.delete(before.slug);
    this.byId.delete(key);
    const told = value === undefined ? undefined : this.read(key, value);
    if (told === undefined || told.origins.size === 0) return;
    this.byId.set(key, told);
    this.bySlug.set(told.slug, key);
  }

  private read(key: string, value: Uint8Array): Told | undefined {
    try {
      const { slug, origins } = JSON.parse(new TextDecoder().decode(value)) as { readonly slug: string; readonly origins: string[] };
      return { slug, origins: new Set(origins) };
    } catch {
      this.log.warn('What a workspace lets in was told in a form nobody can read.', { key });
      return undefined;
    }
  }
}
