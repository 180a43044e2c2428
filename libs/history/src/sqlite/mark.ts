import type { Leaf } from './leaves';

/** Of an event with more leaves than are marked: any equality may hold for it. */
const CROWDED = 'crowded';

/**
 * A short token for "in this workspace, this field holds this value". Equal things have equal marks; unequal ones may, rarely, too, so
 * what a mark finds is checked again. Letters and digits only, and a letter first.
 */
export function markOf(workspaceId: string, field: string, value: Leaf): string {
  return hashed(`${workspaceId}\0${field}\0${typeof value}\0${value}`);
}

/** The mark that every event of a workspace has. */
export function workspaceMark(workspaceId: string): string {
  return hashed(workspaceId);
}

/** The mark of events that have more leaves than are marked. */
export function crowdedMark(workspaceId: string): string {
  return hashed(`${workspaceId}\0${CROWDED}`);
}

// Two 32-bit FNV-1a hashes that start apart; 64 bits make a false find rare, and it costs only a second look.
function hashed(text: string): string {
  let a = 0x811c9dc5;
  let b = 0x2f0b4e17;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    a = Math.imul(a ^ unit, 0x01000193);
    b = Math.imul(b ^ (unit + 0x9e37), 0x01000193) ^ (b >>> 15);
  }
  return `m${(a >>> 0).toString(36)}q${(b >>> 0).toString(36)}`;
}
