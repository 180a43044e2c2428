import type { EventLog, LoggedEvent, Position } from '@millrace/messaging';

/** The durable by which the history gets its events. */
const HISTORY = 'history';

/**
 * The place in the log before which nothing is still on its way to the history: each event there can be found now, or never will be by
 * itself (a dead letter). Behind it an event may be found before one that is older than it.
 */
export async function horizonOf(eventLog: Pick<EventLog, 'range' | 'durables'>): Promise<Position> {
  // In this order: what is appended in between counts as on its way.
  const { epoch, first, last } = await eventLog.range();
  const standing = (await eventLog.durables()).find(({ name }) => name === HISTORY);
  if (standing === undefined) return { epoch, offset: first };
  return standing.undone ?? { epoch, offset: last + 1n };
}

/** How many of these events, oldest first, stand before the first one beyond the horizon. Those of a log before this one are all there. */
export function wholeUpTo(events: readonly LoggedEvent[], { epoch, offset }: Position): number {
  const beyond = events.findIndex(({ position }) => position.epoch === epoch && position.offset >= offset);
  return beyond === -1 ? events.length : beyond;
}
