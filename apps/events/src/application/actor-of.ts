import type { Principal } from '@millrace/kernel';
import type { EventActor } from '@millrace/messaging';

/** Who an event says did it. */
export function actorOf({ kind, id, onBehalfOf }: Principal): EventActor {
  return onBehalfOf === undefined ? { kind, id } : { kind, id, onBehalfOf };
}
