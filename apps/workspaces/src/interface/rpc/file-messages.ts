import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import type { FileContentSchema, FileLinkSchema, FileSchema } from '@millrace/contracts';
import { DomainError } from '@millrace/kernel';
import type { Stored } from '@millrace/documents';
import type { LinkView } from '../../application/files/file-links';
import type { FileChanges, Visibility, WorkspaceFile } from '../../application/files/read-files';

/** A file as callers see it. */
export function fileMessage({ document, revision }: Stored<WorkspaceFile>): MessageInitShape<typeof FileSchema> {
  const { id, name, size, type, sha256, visibility, metadata, owner, createdAt, updatedAt, updatedBy, expiresAt } = document;
  return {
    ...{ id, name, size, type, sha256, visibility, metadata, owner, updatedBy },
    createdAt: timestampFromMs(createdAt),
    updatedAt: timestampFromMs(updatedAt),
    ...(expiresAt === undefined ? {} : { expiresAt: timestampFromMs(expiresAt) }),
    etag: String(revision),
  };
}

export function linkMessage({ id, token, createdAt, createdBy, expiresAt }: LinkView): MessageInitShape<typeof FileLinkSchema> {
  const path = `/v1/files/${token}`;
  return { id, path, createdBy, createdAt: timestampFromMs(createdAt), expiresAt: timestampFromMs(expiresAt) };
}

export function contentMessage(file: WorkspaceFile): MessageInitShape<typeof FileContentSchema> {
  const { id, ref, name, type, size, sha256, visibility, updatedAt } = file;
  return { fileId: id, ref, name, type, size, sha256, public: visibility === 'public', updatedAt: timestampFromMs(updatedAt) };
}

/** One of the words, as the message was checked to hold. */
export function visibilityOf(word: string): Visibility {
  return word as Visibility;
}

/** A merge patch of metadata. Refuses what is no JSON object of texts. */
export function metadataPatch(bytes: Uint8Array): NonNullable<FileChanges['metadata']> {
  const value: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'));
  const isMap = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (isMap && Object.values(value).every((text) => typeof text === 'string' || text === null)) {
    return value as NonNullable<FileChanges['metadata']>;
  }
  throw misfit('/metadata', 'A JSON object of texts; null takes a name away.');
}

/** A time, or `null` for never. */
export function endOf(text: string): number | null {
  if (text === '') return null;
  const time = /^\d{4}-\d{2}-\d{2}T[\d:.]+(?:Z|[+-]\d{2}:\d{2})$/.test(text) ? Date.parse(text) : NaN;
  if (Number.isNaN(time)) throw misfit('/expiresAt', 'A time such as 2030-01-31T12:00:00Z; empty for never.');
  return time;
}

function misfit(pointer: string, detail: string): DomainError {
  return new DomainError('workspaces.file_invalid', 'invalid', `${pointer}: ${detail}`, { errors: [{ pointer, code: 'invalid', detail }] });
}
