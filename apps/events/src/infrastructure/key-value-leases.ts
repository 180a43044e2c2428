import { DomainError } from '@millrace/kernel';
import type { Bucket, KeyValue } from '@millrace/messaging';
import { Leases } from '../application/ports/leases';

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Leases in the bucket `leases`, by name: who has it, for as long as it lives. */
export class KeyValueLeases extends Leases {
  private constructor(
    private readonly bucket: Bucket,
    private readonly holder: string,
  ) {
    super();
  }

  /** `holder`: a name that no other process has, nor had. */
  static async open(keyValue: KeyValue, holder: string): Promise<KeyValueLeases> {
    return new KeyValueLeases(await keyValue.bucket('leases'), holder);
  }

  override async take(name: string, life: number): Promise<boolean> {
    const entry = await this.bucket.get(name);
    if (entry !== undefined && decoder.decode(entry.value) !== this.holder) return false;
    return this.isFirst(this.bucket.putIf(name, encoder.encode(this.holder), entry?.revision ?? 0, { ttl: life }));
  }

  override async giveUp(name: string): Promise<void> {
    const entry = await this.bucket.get(name);
    if (entry === undefined || decoder.decode(entry.value) !== this.holder) return;
    await this.isFirst(this.bucket.delete(name, entry.revision));
  }

  /** False when somebody else wrote it meanwhile. */
  private async isFirst(written: Promise<unknown>): Promise<boolean> {
    try {
      await written;
      return true;
    } catch (error) {
      if (error instanceof DomainError && error.code === 'kv.revision_conflict') return false;
      throw error;
    }
  }
}
