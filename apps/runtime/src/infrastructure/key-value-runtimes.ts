import type { Bucket, KeyValue } from '@millrace/messaging';
import { Runtimes, type RuntimeInstance } from '../application/distribution/ports/runtimes';

const LIFE = 10_000;

/** Instances in the bucket `runtimes`, by their names, as JSON. */
export class KeyValueRuntimes extends Runtimes {
  private constructor(private readonly bucket: Bucket) {
    super();
  }

  static async open(keyValue: KeyValue): Promise<KeyValueRuntimes> {
    return new KeyValueRuntimes(await keyValue.bucket('runtimes', { ttl: LIFE }));
  }

  override async announce(instance: RuntimeInstance): Promise<void> {
    await this.bucket.put(instance.instance, Buffer.from(JSON.stringify(instance)), { ttl: LIFE });
  }

  override async withdraw(instance: string): Promise<void> {
    await this.bucket.delete(instance);
  }

  override async list(): Promise<readonly RuntimeInstance[]> {
    const entries = await this.bucket.list('');
    const instances = entries.map(({ value }) => JSON.parse(Buffer.from(value).toString('utf8')) as RuntimeInstance);
    return instances.sort((a, b) => (a.instance < b.instance ? -1 : 1));
  }
}
