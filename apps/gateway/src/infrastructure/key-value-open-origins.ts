import type { Clock } from '@millrace/kernel';
import type { Change, KeyValue, Watch } from '@millrace/messaging';
import type { Log } from '@millrace/observability';
import type { OnApplicationShutdown } from '@nestjs/common';
import { OpenOrigins } from '../application/ports/open-origins';

const BUCKET = 'origins';

/** As it stands in the bucket. */
interface Written {
  readonly slug: string;
  readonly origins: readonly string[];
  readonly formerly?: readonly Former[];
}

/** What the workspaces service tells of one of them. */
interface Told {
  readonly slug: string;
  readonly origins: ReadonlySet<string>;
  /** Slugs that it had, each with when it stops answering to it. */
  readonly formerly: readonly Former[];
}

interface Former {
  readonly slug: string;
  readonly until: number;
}

/** The origins that workspaces let in, as the bucket `origins` tells of them: by the workspace's id, JSON. */
export class KeyValueOpenOrigins extends OpenOrigins implements OnApplicationShutdown {
  private readonly byId = new Map<string, Told>();
  private readonly bySlug = new Map<string, string>();
  /** Who had a slug last, and until when: another workspace may have it after that. */
  private readonly byFormerSlug = new Map<string, Former & { readonly id: string }>();
  private watch: Watch | undefined;

  private constructor(
    private readonly log: Log,
    private readonly clock: Clock,
  ) {
    super();
  }

  /** Knows all there are when it resolves. */
  static async open(keyValue: KeyValue, log: Log, clock: Clock): Promise<KeyValueOpenOrigins> {
    const known = new KeyValueOpenOrigins(log, clock);
    const { promise: ready, resolve } = Promise.withResolvers<void>();
    known.watch = await (await keyValue.bucket(BUCKET)).watch('', (change) => known.note(change), resolve);
    await ready;
    return known;
  }

  override letsIn(workspace: string, origin: string): boolean {
    const told = this.byId.get(workspace) ?? this.byId.get(this.bySlug.get(workspace) ?? this.had(workspace));
    return told?.origins.has(origin) === true;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.watch?.stop();
  }

  /** Id of the workspace that had the slug and answers to it still; empty: none. */
  private had(slug: string): string {
    const former = this.byFormerSlug.get(slug);
    return former !== undefined && this.clock.now() < former.until ? former.id : '';
  }

  private note({ key, value }: Change): void {
    const before = this.byId.get(key);
    // Another workspace may have taken the slug meanwhile.
    if (before !== undefined && this.bySlug.get(before.slug) === key) this.bySlug.delete(before.slug);
    for (const { slug } of before?.formerly ?? []) if (this.byFormerSlug.get(slug)?.id === key) this.byFormerSlug.delete(slug);
    this.byId.delete(key);
    const told = value === undefined ? undefined : this.read(key, value);
    if (told === undefined || told.origins.size === 0) return;
    this.byId.set(key, told);
    this.bySlug.set(told.slug, key);
    for (const former of told.formerly) this.byFormerSlug.set(former.slug, { ...former, id: key });
  }

  private read(key: string, value: Uint8Array): Told | undefined {
    try {
      const { slug, origins, formerly = [] } = JSON.parse(new TextDecoder().decode(value)) as Written;
      return { slug, origins: new Set(origins), formerly };
    } catch {
      this.log.warn('What a workspace lets in was told in a form nobody can read.', { key });
      return undefined;
    }
  }
}
