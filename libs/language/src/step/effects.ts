import type { Json, JsonMap } from '@millrace/kernel';
import type { RetryPolicy } from '../triggers/triggers';

/** Where in the documents an effect was asked for. */
export interface EffectPlace {
  readonly automation: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

interface EffectOf<Kind extends string, Request> {
  /** The place in the run: positions from the root, `#n` for a pass of a loop, `>` into a call. Unique within the run. */
  readonly id: string;
  readonly kind: Kind;
  readonly request: Request;
  readonly place: EffectPlace;
  /** Whether the branch waits for the outcome. */
  readonly blocks: boolean;
  /** Whether the run may leave memory until the outcome. */
  readonly parks: boolean;
  /** Of one attempt, in milliseconds. */
  readonly timeout?: number;
  readonly retry?: RetryPolicy;
  /** The author's own key. */
  readonly idempotencyKey?: string;
}

export interface EventTarget {
  readonly userId?: string;
  readonly sessionId?: string;
  readonly userTopic?: string;
  readonly currentSocket?: boolean;
}

export interface EmitRequest {
  /** The event's id, derived from run and place. */
  readonly id: string;
  /** The full name, with the prefix of the app instance. */
  readonly event: string;
  readonly payload: JsonMap;
  /** Number of its declared schema; absent: none. */
  readonly version?: number;
  /** The ordering key that its declaration says; absent: that of the run. */
  readonly key?: string;
  /** Paths that were taken out of the payload: its declaration keeps them secret. */
  readonly redacted?: readonly string[];
  /** What the payload does wrong and is let through with: where (JSON Pointer), and what it must be. */
  readonly violations?: readonly { readonly pointer: string; readonly detail: string }[];
  readonly target?: EventTarget;
  readonly options?: JsonMap;
  readonly source: JsonMap;
  readonly private?: boolean;
  /** Not before this time (milliseconds since 1970). */
  readonly at?: number;
}

/** A part of the answer of an endpoint: status and headers before the first chunk, then chunks. */
export interface ReplyRequest {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly chunk?: Json;
  /** Milliseconds. */
  readonly sseKeepAlive?: number;
}

export type SharedContext = 'global' | 'user' | 'session' | 'socket' | 'run' | 'config';

/** Value: `{ revision, value }`. */
export interface LoadRequest {
  readonly context: SharedContext;
  /** The path of the app instance; empty in the workspace itself. */
  readonly instance: string;
  /** User id, session id, socket id or correlation id; empty for `global` and `config`. */
  readonly owner: string;
}

/** Value: `{ revision, value }`, the value at `path` after the write. */
export interface WriteRequest extends LoadRequest {
  /** Keys and indexes from the context's root. */
  readonly path: readonly (string | number)[];
  readonly op: 'replace' | 'merge' | 'push' | 'increment' | 'delete';
  readonly value?: Json;
  /** The value that must be there now (null: absent or null), wrapped because null is one. */
  readonly expect?: { readonly value: Json };
  /** Milliseconds. */
  readonly ttl?: number;
}

export interface WaitEntry {
  /** Full name or pattern. */
  readonly event: string;
  readonly filters?: JsonMap;
  /** The source of an expression over the envelope. */
  readonly filter?: string;
  readonly cancelTriggers: boolean;
}

/** Value: what `compileWait` makes of the first event it accepts, or null at `until`. */
export interface WaitRequest {
  readonly oneOf: readonly WaitEntry[];
  /** The path of the app instance that waits. */
  readonly instance: string;
  /** Milliseconds since 1970. */
  readonly until: number;
}

export interface SleepRequest {
  readonly until: number;
}

/** Value: `{ status, headers, body }`, `body` as `outputMode` says; with a stream `{ status, headers, stream }`, a handle for `chunk`. */
export interface FetchRequest extends JsonMap {
  readonly url: string;
  readonly method: string;
  readonly headers: JsonMap;
}

/** Value: `{ item }` or `{ end: true }`. `stream` is the handle the fetch answered with. */
export interface ChunkRequest {
  readonly stream: Json;
}

/** Value: `{ topic, created }` of one that is made, else `{ topic, userIds }`. */
export interface TopicRequest {
  readonly op: 'create' | 'join' | 'leave';
  readonly topic: string;
  readonly userIds: readonly string[];
  /** Whether to join makes a topic that is not there. */
  readonly create?: boolean;
  /** The path of the app instance that says it. */
  readonly instance: string;
}

/** Value: what the function gives. */
export interface ModuleRequest {
  readonly module: string;
  readonly function: string;
  readonly parameters: JsonMap;
  /** The path of the app instance that asks. */
  readonly instance: string;
}

/** Value: `{ allowed: boolean }`. */
export interface AuthorizeRequest {
  readonly action: string;
  readonly slug: string;
}

export type Effect =
  | EffectOf<'emit', EmitRequest>
  | EffectOf<'reply', ReplyRequest>
  | EffectOf<'load', LoadRequest>
  | EffectOf<'write', WriteRequest>
  | EffectOf<'wait', WaitRequest>
  | EffectOf<'sleep', SleepRequest>
  | EffectOf<'fetch', FetchRequest>
  | EffectOf<'chunk', ChunkRequest>
  | EffectOf<'action', JsonMap>
  | EffectOf<'approve', JsonMap>
  | EffectOf<'rateLimit', JsonMap>
  | EffectOf<'topic', TopicRequest>
  | EffectOf<'auth', JsonMap>
  | EffectOf<'module', ModuleRequest>
  | EffectOf<'authorize', AuthorizeRequest>
  | EffectOf<'yield', JsonMap>;

export type EffectKind = Effect['kind'];
