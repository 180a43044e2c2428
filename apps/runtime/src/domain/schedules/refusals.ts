import { DomainError } from '@millrace/kernel';

/** The version that runs in the workspace has no such schedule. */
export function scheduleMissing(id: string): DomainError {
  return new DomainError(
    'runtime.schedule_not_found',
    'not-found',
    `There is no schedule "${id}" in the version that runs. List the schedules; one whose times were changed has another id.`,
    { facts: { schedule: id } },
  );
}
