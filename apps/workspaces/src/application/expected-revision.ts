import { DomainError } from '@millrace/kernel';
import type { Expectation } from '../domain/draft';

/** The revision a change of an existing document demands; undefined: any. Without a demand it is refused (428). */
export function expectedRevision(expectation: Expectation): number | undefined {
  switch (expectation.kind) {
    case 'revision':
      return expectation.revision;
    case 'any':
      return undefined;
    default:
      throw new DomainError(
        'workspaces.precondition_required',
        'conflict',
        'Send If-Match with the ETag of what you change, or If-Match: * to change whatever is there.',
      );
  }
}
