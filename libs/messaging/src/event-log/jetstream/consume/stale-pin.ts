import type { PullFrom } from './puller';

/**
 * Frees a lane that the server gave to a request whose process has gone: events wait, and nobody has any. Never wrong: whoever gets the
 * lane next waits for what is out. `mayFree`: asked again before it is done.
 */
export async function freeStalePin({ line, stream, consumer, group }: PullFrom, mayFree: () => boolean): Promise<void> {
  if (group === undefined || !mayFree()) return;
  try {
    const { num_pending: waiting, num_ack_pending: out } = await line.ask((jsm) => jsm.consumers.info(stream, consumer));
    if (waiting > 0 && out === 0 && mayFree()) await line.ask((jsm) => jsm.consumers.unpin(stream, consumer, group));
  } catch {
    // It is looked at again.
  }
}
