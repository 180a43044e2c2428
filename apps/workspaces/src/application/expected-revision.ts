import { DomainError } from '@millrace/kernel';
import { expectationOf, type Conditions } from '../domain/draft';

/** The revision a change of an existing document demands; undefined: any. Without a demand it is refused (428). */
export function expectedRevision(conditions: Conditions): number | undefined {
  const expectation = expectationOf(conditions);
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
