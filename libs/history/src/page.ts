import type { LoggedEvent } from '@millrace/messaging';
import type { HistoryPage } from './history';
import { limitInvalid } from './refusals';

const LARGEST = 200;

/** Refuses with `history.limit_invalid` what no page can hold. */
export function checkLimit(limit: number): void {
  if (!Number.isInteger(limit) || limit < 1 || limit > LARGEST) throw limitInvalid(limit);
}

/** The page of what was found, of which one more than the limit says that there is more. */
export function pageOf(found: readonly LoggedEvent[], limit: number): HistoryPage {
  const items = found.slice(0, limit);
  const last = items.at(-1);
  if (found.length <= limit || last === undefined) return { items };
  return { items, next: { recordedAt: last.recordedAt, offset: last.position.offset } };
}
