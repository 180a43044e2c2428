import { DomainError } from '@millrace/kernel';

const DAY = 86_400_000;
const USUAL = 90 * DAY;
const LONGEST = 366 * DAY;

/** When a credential ends that is made or changed now: as was asked, else in 90 days. Refuses a moment that has passed or is over a year away. */
export function endOf(asked: number | undefined, now: number): number {
  if (asked === undefined) return now + USUAL;
  if (asked > now && asked <= now + LONGEST) return asked;
  throw new DomainError(
    'credentials.end_invalid',
    'invalid',
    'A credential ends in the future, and within a year. Choose another "expiresAt", or leave it out for 90 days.',
    { errors: [{ pointer: '/expiresAt', code: 'range', detail: 'Choose a moment within the next year.' }] },
  );
}

/** The day of a moment in UTC, `2026-01-31`. */
export function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
