import type { Bucket, Change, KeyValue, Watch } from '@millrace/messaging';
import type { OnApplicationShutdown } from '@nestjs/common';
import { Retentions, type Author, type KeptRules } from '../application/ports/retentions';
import type { RetentionRule } from '../application/retention/rules';

const BUCKET = 'retention';
const NONE: readonly RetentionRule[] = [];

/** What stands in the bucket; bare rules are older, of nobody who is known. */
type Written = readonly RetentionRule[] | { readonly rules: readonly RetentionRule[]; readonly author: Author };

/** Rules in the bucket `retention`, by the workspace's id, JSON. */
export class KeyValueRetentions extends Retentions implements OnApplicationShutdown {
  private readonly known = new Map<string, KeptRules>();
  private watch: Watch | undefined;

  private constructor(private readonly bucket: Bucket) {
    super();
  }

  /** Knows all there are when it resolves. */
  static async open(keyValue: KeyValue): Promise<KeyValueRetentions> {
    const retentions = new KeyValueRetentions(await keyValue.bucket(BUCKET));
    const { promise: ready, resolve } = Promise.withResolvers<void>();
    retentions.watch = await retentions.bucket.watch('', (change) => retentions.note(change), resolve);
    await ready;
    return retentions;
  }

  override of(workspaceId: string): readonly RetentionRule[] {
    return this.known.get(workspaceId)?.rules ?? NONE;
  }

  override async read(workspaceId: string): Promise<KeptRules> {
    const entry = await this.bucket.get(workspaceId);
    return entry === undefined ? { rules: NONE, revision: 0 } : { ...writtenIn(entry.value), revision: entry.revision };
  }

  override async write(workspaceId: string, rules: KeptRules['rules'], author?: Author, revision?: number): Promise<number> {
    const written: Written = author === undefined ? rules : { rules, author };
    const value = new TextEncoder().encode(JSON.stringify(written));
    const now = await (revision === undefined ? this.bucket.put(workspaceId, value) : this.bucket.putIf(workspaceId, value, revision));
    this.note({ key: workspaceId, value, revision: now });
    return now;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.watch?.stop();
  }

  /** What the watch tells late never undoes what was written here. */
  private note({ key, value, revision }: Change): void {
    if ((this.known.get(key)?.revision ?? 0) > revision) return;
    this.known.set(key, { ...(value === undefined ? { rules: NONE } : writtenIn(value)), revision });
  }
}

function writtenIn(value: Uint8Array): Omit<KeptRules, 'revision'> {
  const written = JSON.parse(new TextDecoder().decode(value)) as Written;
  return 'rules' in written ? written : { rules: written };
}
