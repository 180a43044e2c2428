import type { Change, KeyValue, Watch } from '@millrace/messaging';
import type { Log } from '@millrace/observability';
import type { OnApplicationShutdown } from '@nestjs/common';
import { EventInstances, type EventInstance } from '../application/ports/event-instances';

const BUCKET = 'instances';
const PREFIX = 'events.';
/** Milliseconds an announcement counts; instances repeat theirs every three seconds. */
const LIFE = 10_000;

/** The processes of the events service, as the bucket `instances` tells of them: under `events.<instance>`, JSON, gone with their beat. */
export class KeyValueEventInstances extends EventInstances implements OnApplicationShutdown {
  private readonly known = new Map<string, EventInstance>();
  private watch: Watch | undefined;

  private constructor(private readonly log: Log) {
    super();
  }

  /** Knows all there are when it resolves. */
  static async open(keyValue: KeyValue, log: Log): Promise<KeyValueEventInstances> {
    const instances = new KeyValueEventInstances(log);
    const bucket = await keyValue.bucket(BUCKET, { ttl: LIFE });
    const { promise: ready, resolve } = Promise.withResolvers<void>();
    instances.watch = await bucket.watch(PREFIX, (change) => instances.note(change), resolve);
    await ready;
    return instances;
  }

  override all(): readonly EventInstance[] {
    return [...this.known.values()];
  }

  async onApplicationShutdown(): Promise<void> {
    await this.watch?.stop();
  }

  private note({ key, value }: Change): void {
    const instance = value === undefined ? undefined : this.read(key, value);
    if (instance === undefined) this.known.delete(key);
    else this.known.set(key, instance);
  }

  private read(key: string, value: Uint8Array): EventInstance | undefined {
    try {
      const announced = JSON.parse(new TextDecoder().decode(value)) as EventInstance;
      if (/^\S+:\d{1,5}$/.test(announced.address) && key === `${PREFIX}${announced.instance}`) return announced;
    } catch {
      // Told below: it cannot be used either way.
    }
    this.log.warn('An events instance announced itself in a form nobody can read.', { key });
    return undefined;
  }
}
