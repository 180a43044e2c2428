import type { Json, JsonMap } from '@millrace/kernel';
import type { EventLocals } from '@millrace/language';
import type { LoggedEvent } from '@millrace/messaging';
import { parsedJson } from '../../domain/parsed-json';

const decoder = new TextDecoder();

/** An event as automations see it. `__proto__` keys of its payload are left out. */
export function eventLocals(event: LoggedEvent): EventLocals {
  const { source, actor } = event;
  return {
    id: event.id,
    type: event.type,
    createdAt: new Date(event.time).toISOString(),
    payload: parsedJson(decoder.decode(event.payload)) as JsonMap,
    source: compact({
      workspaceId: event.workspaceId,
      correlationId: event.correlationId,
      sessionId: source.session,
      userId: actor.onBehalfOf ?? (actor.kind === 'user' ? actor.id : undefined),
      socketId: source.socket,
      ip: source.ip,
      automationSlug: source.automation,
      appSlug: source.app,
      run: source.run,
    }),
    ...(event.subject === undefined ? {} : { subject: event.subject }),
  };
}

function compact(values: Readonly<Record<string, Json | undefined>>): JsonMap {
  return Object.fromEntries(Object.entries(values).filter((entry): entry is [string, Json] => entry[1] !== undefined));
}
