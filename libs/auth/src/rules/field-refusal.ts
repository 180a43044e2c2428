import { DomainError, type FieldProblem } from '@millrace/kernel';
import { verbOf } from './rule';

/** What was to be done to what, and why a rule says no, if it does. */
export interface Refused {
  readonly action: string;
  readonly subject: string;
  readonly reason?: string | undefined;
}

/** The refusal of fields that may not be written: `<subject>.<action>_denied` with the place of each. */
export function fieldRefusal({ action, subject, reason }: Refused, pointers: readonly string[]): DomainError {
  const verb = verbOf(action);
  const code = `${subject}.${verb}_denied`;
  const detail = `You may not ${verb} ${subject} with this field here. Leave it out.`;
  const why = reason === undefined ? '' : ` ${reason}`;
  return new DomainError(code, 'forbidden', `You may not ${verb} ${subject} with all of these fields here.${why}`, {
    errors: pointers.map((pointer): FieldProblem => ({ pointer, code, detail })),
    facts: { action, subject, ...(reason === undefined ? {} : { reason }) },
  });
}
