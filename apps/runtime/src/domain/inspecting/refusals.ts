import { DomainError } from '@millrace/kernel';

/** Neither goes on nor is kept. */
export function runMissing(run: string): DomainError {
  const message = `There is no run "${run}" here. It may have been too long ago, or its automation keeps no record of its runs.`;
  return new DomainError('runtime.run_not_found', 'not-found', message, { facts: { run } });
}

/** What has ended cannot be cancelled. */
export function runEnded(run: string): DomainError {
  return new DomainError('runtime.run_ended', 'conflict', `The run "${run}" has ended already. Read it to see how.`, { facts: { run } });
}

/** What has ended a moment ago is still being written down. */
export function runUnsettled(run: string): DomainError {
  const message = `The run "${run}" has ended just now, and what is kept of it is still being written. Try again in a moment.`;
  return new DomainError('runtime.run_unsettled', 'unavailable', message, { facts: { run } });
}

/** What goes on has no record yet. */
export function runGoesOn(run: string): DomainError {
  const message = `The run "${run}" goes on. Wait for its end, or cancel it first.`;
  return new DomainError('runtime.run_goes_on', 'conflict', message, { facts: { run } });
}
