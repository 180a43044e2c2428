import { DomainError } from '@millrace/kernel';

/** The history was closed; the process is going down. */
export function historyClosed(): DomainError {
  return new DomainError('history.closed', 'unavailable', 'The event history is closed: the service is stopping. Try again shortly.');
}

/** Another process has the history open. */
export function historyInUse(path: string): DomainError {
  return new DomainError(
    'history.in_use',
    'unavailable',
    `Another process has the event history in ${path} open. Stop it, or give this one another folder.`,
  );
}

/** A page must hold something and cannot hold everything. */
export function limitInvalid(limit: number): DomainError {
  return new DomainError('history.limit_invalid', 'invalid', `A page of history holds 1 to 200 events, not ${limit}.`, {
    facts: { limit },
  });
}

/** The store of the history does not answer, or has too much to do. */
export function storeUnavailable(host: string, cause: string): DomainError {
  return new DomainError(
    'history.store_unavailable',
    'unavailable',
    `The event history does not answer at ${host}. Try again shortly; if it stays so, look whether Elasticsearch runs there. (${cause})`,
    { facts: { host } },
  );
}

/** What answers is no Elasticsearch of a version that is known. */
export function storeNotSupported(host: string, cause: string): DomainError {
  return new DomainError(
    'history.store_not_supported',
    'unavailable',
    `What answers at ${host} is no Elasticsearch 8.19 or 9, and the event history needs one. (${cause})`,
    { facts: { host } },
  );
}

/** The indices are made otherwise than the history needs them. */
export function layoutDiffers(what: string, where: string): DomainError {
  return new DomainError(
    'history.layout_differs',
    'conflict',
    `${what} in Elasticsearch is not as the event history needs it: ${where} differs. Remove it if nobody else needs it, or give the history another prefix; the log fills it anew.`,
    { facts: { where } },
  );
}
