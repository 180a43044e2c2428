import { DomainError } from '@millrace/kernel';

/** How much an archive may hold, in files and bytes. */
export interface ArchiveLimits {
  readonly files: number;
  readonly bytes: number;
  readonly file: number;
  /** Bytes that each byte of the archive may stand for. */
  readonly ratio: number;
  /** Bytes up to which the ratio is no matter: short texts are often repetitive. */
  readonly always: number;
}

const MEBI = 1_048_576;
export const ARCHIVE_LIMITS: ArchiveLimits = { files: 5_000, bytes: 50 * MEBI, file: 5 * MEBI, ratio: 100, always: MEBI };

/** Refuses files that are together more than an import takes: the archive would be of no use. */
export function demandImportable(files: readonly { readonly size: number }[], limits: ArchiveLimits = ARCHIVE_LIMITS): void {
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  if (files.length <= limits.files && bytes <= limits.bytes) return;
  throw new DomainError(
    'workspaces.export_too_large',
    'invalid',
    `With its apps the version has ${files.length} files of ${bytes} bytes; an import takes ${limits.files} of ${limits.bytes}. Export it without apps, and each app from its own workspace.`,
    { facts: { files: files.length, bytes } },
  );
}
