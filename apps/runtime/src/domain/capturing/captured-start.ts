import type { Json, JsonMap } from '@millrace/kernel';
import type { Trigger } from '../run';

/** What of an event's source is of the place it came from, not of what happened. */
const ELSEWHERE: ReadonlySet<string> = new Set(['workspaceId', 'correlationId', 'ip', 'socketId', 'run']);

/** How a run began, as flow tests say it (`on`). `locals`: the variables it began with. */
export function startOf({ type, value }: Trigger, locals: JsonMap): JsonMap {
  switch (type) {
    case 'event': {
      const source = Object.entries(mapOr(locals['source'])).filter(([name]) => !ELSEWHERE.has(name));
      return { event: value, payload: mapOr(locals['payload']), ...(source.length === 0 ? {} : { source: Object.fromEntries(source) }) };
    }
    case 'endpoint': {
      const { $http: _, ...request } = locals;
      return { endpoint: request };
    }
    case 'schedule':
      return { schedule: mapOr(locals['schedule']) };
    case 'test':
      return { call: locals };
  }
}

function mapOr(value: Json | undefined): JsonMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonMap) : {};
}
