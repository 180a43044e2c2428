import type { CollectionSpec } from '@millrace/documents';
import type { CountedUsage } from '../application/files/file-uses';
import type { WorkspaceFile } from '../domain/files/file';
import { secretId, type Secret } from '../domain/secrets/secret';

/** `ref` finds the file that the bytes of a blob came with, `bytes` its copies as well; `ends` with `end` those whose time is over. */
export const FILES: CollectionSpec<WorkspaceFile> = {
  name: 'files',
  id: ({ id }) => id,
  indexes: [
    { name: 'workspace', of: ({ workspaceId }) => workspaceId },
    { name: 'created', of: ({ createdAt }) => createdAt },
    { name: 'shared', of: ({ visibility }) => visibility !== 'private' },
    { name: 'ref', of: ({ ref, isCopy }) => (isCopy === true ? undefined : ref), unique: true },
    { name: 'bytes', of: ({ ref }) => ref },
    { name: 'ends', of: ({ expiresAt }) => (expiresAt === undefined ? undefined : true) },
    { name: 'end', of: ({ expiresAt }) => expiresAt },
  ],
};

export const FILE_USES: CollectionSpec<CountedUsage> = {
  name: 'file-uses',
  id: ({ workspaceId }) => workspaceId,
  indexes: [{ name: 'counted', of: ({ countedAt }) => countedAt }],
};

export const SECRETS: CollectionSpec<Secret> = {
  name: 'secrets',
  id: secretId,
  indexes: [{ name: 'workspace', of: ({ workspaceId }) => workspaceId }],
};
