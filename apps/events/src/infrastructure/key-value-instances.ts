import type { Bucket, KeyValue } from '@millrace/messaging';
import { Instances, type Instance } from '../application/ports/instances';

const PREFIX = 'events.';
const LIFE = 10_000;

/** Instances in the bucket `instances`, under `events.<instance>`, as JSON. */
export class KeyValueInstances extends Instances {
  private constructor(private readonly bucket: Bucket) {
    super();
  }

  static async open(keyValue: KeyValue): Promise<KeyValueInstances> {
    return new KeyValueInstances(await keyValue.bucket('instances', { ttl: LIFE }));
  }

  override async announce(instance: Instance): Promise<void> {
    await this.bucket.put(PREFIX + instance.instance, new TextEncoder().encode(JSON.stringify(instance)), { ttl: LIFE });
  }

  override async withdraw(instance: string): Promise<void> {
    await this.bucket.delete(PREFIX + instance);
  }

  override async hasOther(instance: string): Promise<boolean> {
    const entries = await this.bucket.list(PREFIX);
    const decoder = new TextDecoder();
    const known = entries.map(({ value }) => JSON.parse(decoder.decode(value)) as Instance);
    return known.some((other) => other.instance !== instance && !other.draining);
  }
}
