import { DomainError } from '@millrace/kernel';
import type { SharedContext } from '@millrace/language';

/** The write would make the context larger than it may be; the context is as it was. */
export function contextTooLarge(context: SharedContext, most: number): DomainError {
  return new DomainError(
    'runtime.context_too_large',
    'exhausted',
    `\`${context}\` would be larger than ${most >> 10} KiB; nothing was written. Remove what is no longer needed, or keep large values in files.`,
    { facts: { context, most } },
  );
}

/** Somebody changed the context since the caller read it. */
export function contextChanged(context: SharedContext, revision: number): DomainError {
  return new DomainError(
    'runtime.precondition_failed',
    'conflict',
    `\`${context}\` has changed since it was read. Read it again and repeat the change.`,
    { facts: { context, etag: String(revision) } },
  );
}

/** Nobody has written the context, or it ran out. */
export function contextMissing(context: SharedContext): DomainError {
  return new DomainError(
    'runtime.context_not_found',
    'not-found',
    `There is no such \`${context}\`: nobody has written it, or it ran out.`,
    {
      facts: { context },
    },
  );
}
