import { DomainError } from '@millrace/kernel';

/** Lets pass that a document is gone: whoever removed it was first. Any other error is thrown again. */
export function unlessGone(error: unknown): undefined {
  if (!(error instanceof DomainError) || error.code !== 'documents.not_found') throw error;
}
