import type { NewEvent } from './event';

/** How many ways the log is split. Fixed: events keep the lane they were appended with. */
export const LANES = 64;

/** The lane of an event: the same for all events of one workspace and key; any for one without a key. */
export function laneOf(event: Pick<NewEvent, 'workspaceId' | 'key' | 'id'>): number {
  return fnv1a(`${event.workspaceId}\u0000${event.key ?? event.id}`) % LANES;
}

/** FNV-1a, 32 bits, over UTF-16 code units. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash >>> 0;
}
