import { DomainError } from '@millrace/kernel';

/** Whether the id or a unique value of a document is another's already. */
export function isTaken(error: unknown): boolean {
  return error instanceof DomainError && error.code === 'documents.taken';
}
