import type { Ids } from '@millrace/kernel';

const LARGEST = 300;
const NAMED = /^automation ([A-Za-z0-9][A-Za-z0-9/._-]*): /;

/** What went wrong with a run, in words from which its automation can be told again. */
export function faultOf(automation: string, reason: string): string {
  return `automation ${automation}: ${reason}`;
}

/** The automation that a fault tells of; empty when it was no run's. */
export function automationIn(reason: string): string {
  return NAMED.exec(reason)?.[1] ?? '';
}

/** What is wrong, without what differs from one time to the next: texts in quotes, ids, numbers. */
export function normalised(reason: string): string {
  return reason
    .replace(NAMED, '')
    .replaceAll(/"[^"]*"|'[^']*'|`[^`]*`/g, '…')
    .replaceAll(/\b[a-z]{2,4}_[0-9a-hjkmnp-tv-z]{26}\b/g, '#')
    .replaceAll(/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\b[0-9a-f]{16,}\b/gi, '#')
    .replaceAll(/\d+/g, '#')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .slice(0, LARGEST);
}

/** The same for all that failed in the same way in the same automation; of what was no run's, for events of the same type. */
export function fingerprintOf({ reason, type }: { readonly reason: string; readonly type: string }, ids: Ids): string {
  const automation = automationIn(reason);
  return ids.derive('flt', automation === '' ? `event ${type}` : `automation ${automation}`, normalised(reason));
}
