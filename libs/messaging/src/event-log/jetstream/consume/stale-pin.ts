import type { ConsumerInfo } from '@nats-io/jetstream';
import type { PullFrom } from './puller';

/** Milliseconds after which a process that was given a lane has some of its events. */
const SURELY_THERE = 500;

/** What the server tells of the groups of a consumer, and the client has no name for. */
interface Pins {
  readonly ts?: string;
  readonly priority_groups?: readonly { readonly pinned_client_id?: string; readonly pinned_ts?: string }[];
}

/**
 * Frees a lane that the server gave to a request whose process has gone: events wait, and nobody has any. Never wrong: whoever gets the
 * lane next waits for what is out. `mayFree`: asked again before it is done.
 */
export async function freeStalePin({ line, stream, consumer, group }: PullFrom, mayFree: () => boolean): Promise<void> {
  if (group === undefined || !mayFree()) return;
  try {
    const info = await line.ask((jsm) => jsm.consumers.info(stream, consumer));
    if (isStale(info) && mayFree()) await line.ask((jsm) => jsm.consumers.unpin(stream, consumer, group));
  } catch {
    // It is looked at again.
  }
}

function isStale(info: ConsumerInfo & Pins): boolean {
  const { num_pending: waiting, num_ack_pending: out, ts = '', priority_groups: groups = [] } = info;
  const [pin] = groups;
  if (waiting === 0 || out > 0 || pin?.pinned_client_id === undefined) return false;
  return Date.parse(ts) - Date.parse(pin.pinned_ts ?? '') > SURELY_THERE;
}
