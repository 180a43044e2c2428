import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import type { JetStreamClient, JetStreamManager } from '@nats-io/jetstream';
import type { NodeConnectionOptions } from '@nats-io/transport-node';
import { warnOfFault } from '../../faults';
import type { FaultReport } from '../../faults';
import { Link } from '../../nats/link';
import { KeyValue } from '../key-value';
import type { Bucket } from '../key-value';
import { BucketStore } from './bucket-store';
import { BucketStream } from './bucket-stream';
import { Feed } from './feed';
import { NatsBucket } from './nats-bucket';
import { closed, refusalOf, unfit } from './refusals';

const PATIENCE = 5_000;
const MEMORY = 120_000;
/** Bytes of the largest value, its subject and its headers. */
const LARGEST_MESSAGE = 1024 * 1024 + 4096;

export interface NatsKeyValueOptions {
  /** Where the servers are and who this is, as the NATS client takes it. */
  readonly connection: NodeConnectionOptions;
  /** Before the name of each bucket on the servers; absent: nothing. */
  readonly prefix?: string;
  /** How many servers keep a bucket that is made. Default 1. */
  readonly replicas?: number;
  /** Milliseconds that one call may take. Default 5 s. */
  readonly patience?: number;
  /** Milliseconds for which the servers still tell that a key went; a watcher that was away for longer compares all keys. Default 2 min. */
  readonly memory?: number;
  /** Hears of watchers that throw. */
  readonly onFault?: FaultReport;
}

/**
 * KeyValue on NATS JetStream, for any number of processes. While the servers are away every call is refused with `kv.unavailable` – at once,
 * or after `patience` – and watchers wait; both go on by themselves. A time to live is rounded up to whole seconds.
 */
export class NatsKeyValue extends KeyValue {
  readonly #js: JetStreamClient;
  readonly #stores = new Map<string, BucketStore>();
  #isClosed = false;

  private constructor(
    private readonly link: Link,
    private readonly jsm: JetStreamManager,
    private readonly options: NatsKeyValueOptions,
  ) {
    super();
    this.#js = jetstream(link.connection, { timeout: options.patience ?? PATIENCE });
  }

  /** Rejects as the NATS client does when no server can be reached, and with `kv.server_unfit` when it takes too small messages. */
  static async connect(options: NatsKeyValueOptions): Promise<NatsKeyValue> {
    const link = await Link.open(options.connection);
    const largest = link.connection.info?.max_payload ?? 0;
    if (largest < LARGEST_MESSAGE) {
      await link.connection.close();
      throw unfit([`its max_payload is ${largest} bytes, ${LARGEST_MESSAGE} are needed`]);
    }
    const jsm = await jetstreamManager(link.connection, { checkAPI: false, timeout: options.patience ?? PATIENCE });
    return new NatsKeyValue(link, jsm, options);
  }

  /** Refuses with `kv.bucket_missing` when it is new and this user may not make it, with `kv.server_unfit` when it is not as it should be. */
  async bucket(name: string, options?: { readonly ttl?: number }): Promise<Bucket> {
    if (this.#isClosed) throw closed();
    const known = this.#stores.get(name);
    if (known !== undefined) return new NatsBucket(name, options?.ttl, known);
    const stream = this.#streamOf(name);
    await this.link
      .run(this.#patience, () => stream.prepare())
      .catch((error: unknown) => {
        throw refusalOf(name, error);
      });
    const store = this.#stores.get(name) ?? this.#storeOf(name, stream);
    this.#stores.set(name, store);
    return new NatsBucket(name, options?.ttl, store);
  }

  /** Finishes the writes it has. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await Promise.all([...this.#stores.values()].map((store) => store.close()));
    await this.link.connection.close();
  }

  get #patience(): number {
    return this.options.patience ?? PATIENCE;
  }

  get #memory(): number {
    return this.options.memory ?? MEMORY;
  }

  #streamOf(name: string): BucketStream {
    return new BucketStream({
      link: this.link,
      js: this.#js,
      jsm: this.jsm,
      name: (this.options.prefix ?? '') + name,
      replicas: this.options.replicas ?? 1,
      memory: this.#memory,
    });
  }

  #storeOf(name: string, stream: BucketStream): BucketStore {
    const { link, jsm } = this;
    return new BucketStore({
      name,
      link,
      stream,
      patience: this.#patience,
      feed: (listener) => new Feed({ link, jsm, source: stream, memory: this.#memory, ...listener }),
      onFault: this.options.onFault ?? warnOfFault,
    });
  }
}
