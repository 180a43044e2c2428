import { DomainError } from '@millrace/kernel';
import type { IndexValue } from './collection';

/** The cursor is none of ours, or belongs to another query. */
export function cursorInvalid(collection: string): DomainError {
  return new DomainError(
    'documents.cursor_invalid',
    'invalid',
    `This cursor does not continue this list of "${collection}". Ask again without a cursor.`,
    { facts: { collection } },
  );
}

/** A page must hold something and cannot hold everything. */
export function limitInvalid(collection: string, limit: number): DomainError {
  return new DomainError('documents.limit_invalid', 'invalid', `A page of "${collection}" holds 1 to 200 documents, not ${limit}.`, {
    facts: { collection, limit },
  });
}

/** There is no such document. */
export function documentMissing(collection: string, id: string): DomainError {
  return new DomainError('documents.not_found', 'not-found', `There is no document "${id}" in "${collection}".`, {
    facts: { collection, id },
  });
}

/** The id, or a unique index value, is taken. */
export function documentTaken(collection: string, index: string, value: IndexValue): DomainError {
  return new DomainError('documents.taken', 'conflict', `"${value}" is taken in "${collection}" (${index}).`, {
    facts: { collection, index, value },
  });
}

/** The document has not the revision the caller expected. */
export function revisionMismatch(collection: string, id: string, current: number): DomainError {
  return new DomainError(
    'documents.revision_mismatch',
    'conflict',
    `"${id}" in "${collection}" changed meanwhile. Read it again and repeat the change.`,
    {
      facts: { collection, id, current },
    },
  );
}

/** The documents were closed; the process is going down. */
export function documentsClosed(): DomainError {
  return new DomainError('documents.closed', 'unavailable', 'The document store is closed: the service is stopping. Try again shortly.');
}

/** The server of the documents does not answer, or not as it should. */
export function documentsUnavailable(reason: string): DomainError {
  return new DomainError(
    'documents.unavailable',
    'unavailable',
    `The document store does not answer (${reason}). Whether a change that was asked for is kept is not known: try again shortly, and look at the server if it stays so.`,
    { facts: { reason } },
  );
}

/** A document with its events is more than the store takes. */
export function documentTooLarge(collection: string, id: string): DomainError {
  return new DomainError(
    'documents.too_large',
    'invalid',
    `"${id}" in "${collection}" is too large to be kept: a document and its events that are still to be told have 16 MB together. Make it smaller.`,
    { facts: { collection, id } },
  );
}

/** Another process of the service tells of what is written. */
export function toldElsewhere(): DomainError {
  return new DomainError(
    'documents.told_elsewhere',
    'unavailable',
    'Another process of this service tells of what is written. Nothing needs to be done.',
  );
}

/** Another process has the store open. */
export function documentsInUse(path: string): DomainError {
  return new DomainError(
    'documents.in_use',
    'unavailable',
    `Another process has the documents in ${path} open. Stop it, or give this one another folder.`,
  );
}

/** The relay stopped while somebody waited for it. */
export function relayStopped(): DomainError {
  return new DomainError('documents.relay_stopped', 'unavailable', 'The change is kept, but the service is stopping before it told of it.');
}
