import type { PrincipalKind } from '@millrace/kernel';

/** `history`: everything (default). `log`: triggers and live delivery, never indexed. `live`: those connected now, never on the log. */
export type Keep = 'history' | 'log' | 'live';

export interface EventActor {
  readonly kind: PrincipalKind;
  readonly id: string;
  readonly onBehalfOf?: string;
}

/** Where an event came from. */
export interface EventSource {
  readonly service?: string;
  readonly automation?: string;
  readonly app?: string;
  readonly run?: string;
  readonly step?: string;
  readonly endpoint?: string;
  readonly session?: string;
  readonly socket?: string;
  readonly ip?: string;
  readonly replayOf?: string;
}

/** Who, besides the workspace's roles, may read an event. */
export interface EventTarget {
  readonly user?: string;
  readonly session?: string;
  readonly topic?: string;
  readonly socket?: string;
}

/** A fact, before the log has it. Times are milliseconds since 1970. Fields as `millrace.events.v1.Event`. */
export interface NewEvent {
  readonly id: string;
  /** `ws_…` or `platform`. */
  readonly workspaceId: string;
  readonly type: string;
  readonly version?: number;
  readonly time: number;
  readonly subject?: string;
  readonly revision?: number;
  /** Ordering key: events of one workspace and key are handled in order. Absent: no order. */
  readonly key?: string;
  /** UTF-8 JSON of an object. */
  readonly payload: Uint8Array;
  readonly correlationId: string;
  readonly causationId?: string;
  /** Automations passed since the root. */
  readonly hops?: number;
  readonly actor: EventActor;
  readonly source: EventSource;
  readonly target?: EventTarget;
  readonly keep?: Keep;
  readonly traceparent?: string;
  readonly tracestate?: string;
  readonly extensions?: Readonly<Record<string, string>>;
  readonly redacted?: readonly string[];
}

/** A place in the log. Within one epoch a larger offset is later; another epoch is another log. */
export interface Position {
  readonly epoch: string;
  readonly offset: bigint;
}

/** A fact the log has. */
export interface LoggedEvent extends NewEvent {
  readonly position: Position;
  /** When the log accepted it, milliseconds since 1970. */
  readonly recordedAt: number;
}

/** Writes a position as `epoch-offset`, the form clients see. */
export function formatPosition(position: Position): string {
  return `${position.epoch}-${position.offset}`;
}

/** Reads what `formatPosition` wrote; undefined for anything else. */
export function parsePosition(text: string): Position | undefined {
  const match = /^([A-Za-z0-9_]{1,64})-(\d{1,19})$/.exec(text);
  return match?.[1] === undefined || match[2] === undefined ? undefined : { epoch: match[1], offset: BigInt(match[2]) };
}
