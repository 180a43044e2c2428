import { servicePrincipal, type Clock, type JsonMap } from '@millrace/kernel';
import type { CallContext, LoggedEvent } from '@millrace/messaging';

const PATIENCE = 30_000;

/** In what context this service does what follows from an event. `patience`: for how many milliseconds. */
export function contextOf({ id, correlationId }: LoggedEvent, clock: Clock, patience = PATIENCE): CallContext {
  return { principal: servicePrincipal('workspaces'), correlationId, causationId: id, deadline: clock.now() + patience };
}

/** What an event says. Native events are ours: what cannot be read names nobody. */
export function payloadOf({ payload }: LoggedEvent): JsonMap {
  const said: unknown = JSON.parse(new TextDecoder().decode(payload));
  return typeof said === 'object' && said !== null ? (said as JsonMap) : {};
}
