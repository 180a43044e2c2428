import type { Json, JsonMap } from '@millrace/kernel';
import type { EventLocals } from '@millrace/language';
import type { LoggedEvent } from '@millrace/messaging';
import { parsedJson } from '../../domain/parsed-json';

const decoder = new TextDecoder();

/**
 * An event as automations see it. `__proto__` keys of its payload are left out. What is costly to make is made when it is asked for: most events
 * concern no automation.
 */
export function eventLocals(event: LoggedEvent): EventLocals {
  let payload: JsonMap | undefined;
  return {
    id: event.id,
    type: event.type,
    get createdAt() {
      return new Date(event.time).toISOString();
    },
    get payload() {
      payload ??= parsedJson(decoder.decode(event.payload)) as JsonMap;
      return payload;
    },
    get source() {
      return sourceOf(event);
    },
    ...(event.subject === undefined ? {} : { subject: event.subject }),
  };
}

function sourceOf({ workspaceId, correlationId, source, actor }: LoggedEvent): JsonMap {
  return compact({
    workspaceId,
    correlationId,
    sessionId: source.session,
    userId: actor.onBehalfOf ?? (actor.kind === 'user' ? actor.id : undefined),
    socketId: source.socket,
    ip: source.ip,
    automationSlug: source.automation,
    appSlug: source.app,
    run: source.run,
  });
}

function compact(values: Readonly<Record<string, Json | undefined>>): JsonMap {
  return Object.fromEntries(Object.entries(values).filter((entry): entry is [string, Json] => entry[1] !== undefined));
}
