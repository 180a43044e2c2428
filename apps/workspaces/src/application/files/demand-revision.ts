import { DomainError } from '@millrace/kernel';
import type { Conditions } from '../../domain/draft';
import type { WorkspaceFile } from '../../domain/files/file';
import { expectedRevision } from '../expected-revision';

/** Refuses to change a file that is not at the revision the caller knows (412), and a change that names none (428). */
export function demandRevision(file: WorkspaceFile, revision: number, conditions: Conditions): void {
  const expected = expectedRevision(conditions);
  if (expected !== undefined && expected !== revision) throw fileChanged(file, revision);
}

/** The file is not as the caller knows it. */
export function fileChanged({ name, updatedBy, updatedAt }: WorkspaceFile, revision: number): DomainError {
  return new DomainError(
    'workspaces.precondition_failed',
    'conflict',
    `The file "${name}" is at revision ${revision}, changed by ${updatedBy} at ${new Date(updatedAt).toISOString()}. Read it again and repeat the change.`,
    { facts: { etag: String(revision), updatedBy, updatedAt } },
  );
}
