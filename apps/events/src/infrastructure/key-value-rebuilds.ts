import { DomainError } from '@millrace/kernel';
import type { Bucket, KeyValue } from '@millrace/messaging';
import { Rebuilds, type KeptRebuild, type Rebuild } from '../application/ports/rebuilds';

const KEY = 'history';

/** The rebuild under one key of the bucket `rebuilds`, as JSON, with its offsets as text. */
export class KeyValueRebuilds extends Rebuilds {
  private constructor(private readonly bucket: Bucket) {
    super();
  }

  static async open(keyValue: KeyValue): Promise<KeyValueRebuilds> {
    return new KeyValueRebuilds(await keyValue.bucket('rebuilds'));
  }

  override async read(): Promise<KeptRebuild | undefined> {
    const entry = await this.bucket.get(KEY);
    if (entry === undefined) return undefined;
    const kept = JSON.parse(new TextDecoder().decode(entry.value)) as Omit<Rebuild, 'next' | 'last'> & Record<'next' | 'last', string>;
    return { rebuild: { ...kept, next: BigInt(kept.next), last: BigInt(kept.last) }, revision: entry.revision };
  }

  override async write(rebuild: Rebuild, revision: number): Promise<number | undefined> {
    const text = JSON.stringify({ ...rebuild, next: String(rebuild.next), last: String(rebuild.last) });
    try {
      return await this.bucket.putIf(KEY, new TextEncoder().encode(text), revision);
    } catch (error) {
      if (error instanceof DomainError && error.code === 'kv.revision_conflict') return undefined;
      throw error;
    }
  }
}
