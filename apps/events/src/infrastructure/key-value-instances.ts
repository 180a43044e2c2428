import type { Bucket, KeyValue } from '@millrace/messaging';
import { Instances, type Instance } from '../application/ports/instances';

const PREFIX = 'events.';
const LIFE = 10_000;
/** What an instance of a version before tells of those who are connected. */
const NOBODY = { people: {}, workspaces: {} };

/** As an instance announces itself, be it one of a version before. */
type Announced = Omit<Instance, 'attended'> & Partial<Pick<Instance, 'attended'>>;

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

  override async others(instance: string): Promise<readonly Instance[]> {
    return (await this.known()).filter((other) => other.instance !== instance && !other.draining);
  }

  override async all(): Promise<readonly string[]> {
    return (await this.known()).map(({ instance }) => instance);
  }

  private async known(): Promise<readonly Instance[]> {
    const entries = await this.bucket.list(PREFIX);
    const decoder = new TextDecoder();
    return entries.map(({ value }) => ({ attended: NOBODY, ...(JSON.parse(decoder.decode(value)) as Announced) }));
  }
}
