import { DomainError } from '@millrace/kernel';
import { demandRevision, expectationOf, type Conditions, type Revised } from '../domain/draft';

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

/** Refuses what is not as its caller knows it (412, with who changed it when); at once, who does not say how that is (428). */
export function knownOnly(conditions: Conditions): (what: string, state: Revised) => void {
  expectedRevision(conditions);
  const expectation = expectationOf(conditions);
  return (what, state) => demandRevision(what, state, expectation);
}
