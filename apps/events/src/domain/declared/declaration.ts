import type { JsonMap } from '@millrace/kernel';

/** What is wrong with a payload: where in it (JSON Pointer), and what it must be. */
export interface Violation {
  readonly pointer: string;
  readonly detail: string;
}

/** An event type as a workspace declares it, ready to be held to. */
export interface Declaration {
  readonly type: string;
  /** Number of its schema; 0: it has none. */
  readonly version: number;
  /** What becomes of a payload that does not fit. */
  readonly mode: 'enforce' | 'warn' | 'off';
  /** What is wrong with a payload. */
  readonly check: (payload: JsonMap) => readonly Violation[];
  /** Whether a client may send this event. */
  readonly admits: (event: object) => boolean;
  /** Path into the payload whose value orders the events. */
  readonly key?: string;
  /** Paths into the payload that never reach the log. */
  readonly secret: readonly string[];
}

/** What a workspace says of the events in it, and of those it does not declare. */
export interface Declarations {
  readonly types: ReadonlyMap<string, Declaration>;
  readonly unknown: 'allow' | 'warn' | 'refuse';
}

/** A workspace that says nothing of its events. */
export const NOTHING_DECLARED: Declarations = { types: new Map(), unknown: 'allow' };
