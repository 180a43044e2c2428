import { DomainError } from '@millrace/kernel';

/** What the files of a workspace take up. */
export interface FileUsage {
  readonly workspaceId: string;
  readonly files: number;
  readonly bytes: number;
}

/** The most that one upload, and all files of a workspace, may take up. */
export interface FileQuota {
  readonly upload: number;
  readonly files: number;
  readonly bytes: number;
}

const GIB = 1024 ** 3;

export const FILE_QUOTA: FileQuota = { upload: 100 * 1024 ** 2, files: 100_000, bytes: 10 * GIB };

export function noUsage(workspaceId: string): FileUsage {
  return { workspaceId, files: 0, bytes: 0 };
}

/** The usage after so many files and bytes more; refuses what is more than the quota. Less is never refused. */
export function useMore(usage: FileUsage, more: { readonly files: number; readonly bytes: number }, quota: FileQuota): FileUsage {
  const files = Math.max(0, usage.files + more.files);
  const bytes = Math.max(0, usage.bytes + more.bytes);
  if (more.files > 0 && files > quota.files) throw quotaReached(`${quota.files} files`);
  if (more.bytes > 0 && bytes > quota.bytes) throw quotaReached(`${quota.bytes / GIB} GiB of files`);
  return { ...usage, files, bytes };
}

export function uploadTooLarge(most: number): DomainError {
  return new DomainError('workspaces.upload_too_large', 'invalid', `A file has at most ${most} bytes. Send less, or in parts.`, {
    facts: { most },
  });
}

function quotaReached(what: string): DomainError {
  return new DomainError('workspaces.quota_reached', 'exhausted', `A workspace holds at most ${what}. Delete some first.`, {
    facts: { quota: what },
  });
}
