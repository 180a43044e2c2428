/** How long an event is kept: everything (`history`), all but the index (`log`), only for those connected now (`live`). */
export type Keeping = 'history' | 'log' | 'live';

/** Who, besides the workspace's roles, may read an event. */
export interface Addressee {
  readonly user?: string;
  readonly session?: string;
  readonly topic?: string;
  readonly socket?: string;
}

/** An event as a client states it; everything else about it is the door's to say. */
export interface EventDraft {
  readonly id?: string;
  readonly type: string;
  /** UTF-8 JSON, as it came. */
  readonly payload: Uint8Array;
  readonly subject?: string;
  readonly key?: string;
  /** Milliseconds since 1970, by the client's clock. */
  readonly time?: number;
  readonly target?: Addressee;
  /** Kept unread. */
  readonly extensions?: Readonly<Record<string, string>>;
  readonly keep: Keeping;
}
