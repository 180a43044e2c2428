import { DomainError } from '@millrace/kernel';

/** Refuses a type that a workspace does not take (`workspaces.file_type_refused`). `accepted`: media types, or all of a kind as `image/*`; none: any. */
export function demandAccepted(type: string, accepted: readonly string[] = []): void {
  const kind = type.replace(/\/.*$/su, '/*');
  if (accepted.length === 0 || accepted.includes(type) || accepted.includes(kind)) return;
  throw new DomainError(
    'workspaces.file_type_refused',
    'invalid',
    `The workspace takes no files of type ${type}. Send one of these: ${accepted.join(', ')}; or let its owner add the type to the settings.`,
    { facts: { type, accepted: accepted.join(', ') } },
  );
}
