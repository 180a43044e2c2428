import type { EventFilter } from '../../event-filter';
import type { Line } from '../server/line';
import type { StreamEvent } from '../stream-event';
import type { FailureRecords } from './failures';
import type { Held } from './held';
import type { Ahead } from './measure';
import type { Delivered, PullFrom } from './puller';

/** What a source asks of the durable it is of. */
export interface SourceParts extends PullFrom {
  readonly line: Line;
  readonly wants: EventFilter;
  readonly failures: FailureRecords;
  /** What to have at hand, not counted what waits for another event or for a retry. */
  readonly ahead: Ahead;
  readonly now: () => number;
  readonly event: (delivered: Delivered) => StreamEvent;
  readonly keyOf: (event: StreamEvent) => string | undefined;
  /** The event may be handed out, when it is due. */
  readonly onReady: (held: Held) => void;
  /** One more waits for this event. */
  readonly onCrowded: (held: Held) => void;
  /** What becomes of the event no longer counts here. */
  readonly onLost: (held: Held) => void;
}
