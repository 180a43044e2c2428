import { DiscardPolicy, JetStreamApiCodes, JetStreamApiError, StorageType } from '@nats-io/jetstream';
import type { JetStreamClient, JetStreamManager, StreamConfig, StreamInfo } from '@nats-io/jetstream';
import { headers, nanos } from '@nats-io/transport-node';
import type { Msg, MsgHdrs } from '@nats-io/transport-node';
import type { Link } from '../../nats/link';
import { copyBytes } from '../../wire/message';
import type { Change } from '../key-value';
import { filterOfPrefix, keyOfSubject, subjectOfKey } from './keys';
import { readPage } from './page';
import { bucketMissing, isForbidden, unfit } from './refusals';

/** Bytes and messages of one page; what fits one page is of one moment. */
const PAGE = { max_bytes: 8 * 1024 * 1024, batch: 100_000 };
/** What tells a key that went: by whom it was deleted, or that the server found its time over. */
const OPERATION = 'KV-Operation';
const GONE: ReadonlySet<string> = new Set(['DEL', 'PURGE']);
const RAN_OUT = 'Nats-Marker-Reason';

/** Without `value` the key is deleted. `revision`: only if the newest message of the key has it; 0: there is none. `life` in milliseconds. */
export interface Write {
  readonly value?: Uint8Array;
  readonly revision?: number | undefined;
  readonly life?: number | undefined;
}

/** The newest message of each key, gone ones included, and the newest revision seen on the way. */
export interface Contents {
  readonly changes: readonly Change[];
  readonly upTo: number;
  /** There may be more: so many were there that no more were wanted. */
  readonly isCut?: true;
}

/** What is there of some keys, in the order in which it was written. */
interface PageOfStream {
  readonly changes: readonly Change[];
  /** The revision that the page reached. */
  readonly upTo: number;
  /** How many messages are behind it. */
  readonly pending: number;
}

export interface StreamParts {
  readonly link: Link;
  readonly js: JetStreamClient;
  readonly jsm: JetStreamManager;
  /** Of the bucket, as no other of the same servers. */
  readonly name: string;
  /** How many servers keep it. */
  readonly replicas: number;
  /** Milliseconds for which the server still tells that a key went. */
  readonly memory: number;
}

/**
 * A bucket as a stream with one message a key, laid out as NATS clients lay out theirs: `nats kv` can read it. A key that went leaves a
 * marker for a while, so that whoever follows the stream hears of it.
 */
export class BucketStream {
  readonly stream: string;
  readonly #subjects: string;

  constructor(private readonly parts: StreamParts) {
    this.stream = `KV_${parts.name}`;
    this.#subjects = `$KV.${parts.name}.`;
  }

  /** Makes the stream if it is new, and refuses one that is not as it should be: older servers drop options without a word. */
  async prepare(): Promise<void> {
    const wanted = this.#wanted();
    const { config } = await this.#open(wanted);
    const missing = RELIED_ON.filter((option) => config[option] !== wanted[option]);
    if (missing.length > 0) throw unfit(missing.map((option) => `the stream "${this.stream}" lacks ${option} = ${String(wanted[option])}`));
  }

  /** Answers the revision. */
  async write(key: string, { value, revision, life }: Write): Promise<number> {
    const ack = await this.parts.js.publish(this.#subjects + subjectOfKey(key), value ?? new Uint8Array(), {
      ...(value === undefined && { headers: deletion(), ttl: seconds(this.parts.memory) }),
      ...(value !== undefined && life !== undefined && { ttl: seconds(life) }),
      ...(revision !== undefined && { expect: { lastSubjectSequence: revision } }),
    });
    return ack.seq;
  }

  /** The newest message of a key, as the leader of the stream has it. */
  async newest(key: string): Promise<Change | undefined> {
    return this.#newest(subjectOfKey(key));
  }

  /** The newest revision of all that the filter of the prefix lets through; 0: there is none. */
  async newestRevision(prefix: string): Promise<number> {
    return (await this.#newest(filterOfPrefix(prefix)))?.revision ?? 0;
  }

  /** What any one of the servers has under the prefix, page by page, until `limit` keys that are there have been found. */
  async read(prefix: string, signal: AbortSignal, limit = Infinity): Promise<Contents> {
    const newest = new Map<string, Change>();
    const there = new Set<string>();
    let upTo = 0;
    for (let pending = 1; pending > 0;) {
      if (there.size >= limit) return { changes: [...newest.values()], upTo, isCut: true };
      const page = await this.page(prefix, { from: upTo + 1, size: Math.min(PAGE.batch, limit) }, signal);
      for (const change of page.changes) {
        newest.set(change.key, change);
        if (change.value === undefined) there.delete(change.key);
        else there.add(change.key);
      }
      ({ upTo, pending } = page);
    }
    return { changes: [...newest.values()], upTo };
  }

  /** One page of what any one of the servers has under the prefix, from a revision on. */
  async page(prefix: string, { from, size }: { readonly from: number; readonly size: number }, signal: AbortSignal): Promise<PageOfStream> {
    const request = { ...PAGE, batch: size, seq: from, next_by_subj: this.#subjects + filterOfPrefix(prefix) };
    const messages = await readPage(this.parts.link, this.stream, request, signal);
    const found = messages.map((message) => this.#found(message));
    return {
      changes: found.filter(({ key }) => key.startsWith(prefix)),
      upTo: found.at(-1)?.revision ?? from - 1,
      pending: Number(messages.at(-1)?.headers?.get('Nats-Num-Pending') ?? 0),
    };
  }

  /** The position of the newest message of the stream, present or not. */
  async lastSequence(): Promise<number> {
    return (await this.parts.jsm.streams.info(this.stream)).state.last_seq;
  }

  /** What a message of the stream says. */
  changeOf(subject: string, revision: number, head: MsgHdrs | undefined, data: Uint8Array): Change {
    const key = keyOfSubject(subject.slice(this.#subjects.length));
    const isGone = head !== undefined && (head.has(RAN_OUT) || GONE.has(head.get(OPERATION)));
    return isGone ? { key, revision } : { key, value: copyBytes(data), revision };
  }

  async #newest(filter: string): Promise<Change | undefined> {
    const message = await this.parts.jsm.streams.getMessage(this.stream, { last_by_subj: this.#subjects + filter });
    return message === null ? undefined : this.changeOf(message.subject, message.seq, message.header, message.data);
  }

  #found({ headers: head, data }: Msg): Change {
    return this.changeOf(head?.get('Nats-Subject') ?? '', Number(head?.get('Nats-Sequence')), head, data);
  }

  async #open(wanted: Wanted): Promise<StreamInfo> {
    const { streams } = this.parts.jsm;
    try {
      return await streams.info(this.stream);
    } catch (error) {
      if (!(error instanceof JetStreamApiError) || error.code !== JetStreamApiCodes.StreamNotFound) throw error;
    }
    try {
      return await streams.add(wanted);
    } catch (error) {
      throw isForbidden(error) ? bucketMissing(this.parts.name) : error;
    }
  }

  #wanted(): Wanted {
    return {
      name: this.stream,
      subjects: [`${this.#subjects}>`],
      storage: StorageType.File,
      num_replicas: this.parts.replicas,
      max_msgs_per_subject: 1,
      discard: DiscardPolicy.New,
      allow_direct: true,
      allow_rollup_hdrs: true,
      deny_delete: true,
      allow_msg_ttl: true,
      subject_delete_marker_ttl: nanos(this.parts.memory),
    };
  }
}

type Wanted = Partial<StreamConfig> & { readonly name: string };

/** The options without which a bucket breaks its promises. */
const RELIED_ON = [
  'max_msgs_per_subject',
  'discard',
  'storage',
  'allow_direct',
  'allow_msg_ttl',
  'subject_delete_marker_ttl',
] as const satisfies readonly (keyof StreamConfig)[];

function deletion(): MsgHdrs {
  const all = headers();
  all.set(OPERATION, 'PURGE');
  return all;
}

/** The server counts whole seconds: a key lives as long as asked and up to one second longer. */
function seconds(milliseconds: number): string {
  return `${Math.max(1, Math.ceil(milliseconds / 1000))}s`;
}
