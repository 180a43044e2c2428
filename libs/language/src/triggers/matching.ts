import type { Json, JsonMap } from '@millrace/kernel';
import type { EndpointTrigger } from './triggers';

/** An event as automations see it: the locals of a run that it starts. */
export interface EventLocals {
  readonly id: string;
  /** The full name. */
  readonly type: string;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly subject?: string;
  readonly payload: JsonMap;
  readonly source: JsonMap;
  readonly [key: string]: Json | undefined;
}

/** An automation that an event starts, and the locals of that run (inside an app the event's type has no prefix). */
export interface EventMatch {
  /** The full slug: `<instance>.<slug>` in an app. */
  readonly slug: string;
  readonly locals: JsonMap;
}

/** An automation that answers a call of its endpoint. */
export interface EndpointMatch {
  readonly slug: string;
  readonly pathParams: Readonly<Record<string, string>>;
  readonly endpoint: EndpointTrigger;
}
