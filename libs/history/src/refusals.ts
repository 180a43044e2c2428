import { DomainError } from '@millrace/kernel';

/** The history was closed; the process is going down. */
export function historyClosed(): DomainError {
  return new DomainError('history.closed', 'unavailable', 'The event history is closed: the service is stopping. Try again shortly.');
}

/** Another process has the history open. */
export function historyInUse(path: string, cause: unknown): DomainError {
  return new DomainError(
    'history.in_use',
    'unavailable',
    `Another process has the event history in ${path} open. Stop it, or give this one another folder. (${String(cause)})`,
  );
}

/** A page must hold something and cannot hold everything. */
export function limitInvalid(limit: number): DomainError {
  return new DomainError('history.limit_invalid', 'invalid', `A page of history holds 1 to 200 events, not ${limit}.`, {
    facts: { limit },
  });
}
