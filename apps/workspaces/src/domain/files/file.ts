import { DomainError } from '@millrace/kernel';
import type { FileLink } from './link';

/** Who sees a file: its owner and who may change files; also every member who may read files; everybody who has its address. */
export type Visibility = 'private' | 'workspace' | 'public';

export type Metadata = Readonly<Record<string, string>>;

/** Bytes that are kept for a workspace, as they came. */
export interface Content {
  /** Names the bytes in the blob store. */
  readonly ref: string;
  readonly size: number;
  /** SHA-256, lower-case hex. */
  readonly sha256: string;
  /** Media type, found by the bytes. */
  readonly type: string;
}

/** A file of a workspace. Times are milliseconds since 1970. */
export interface WorkspaceFile extends Content {
  readonly id: string;
  readonly workspaceId: string;
  readonly name: string;
  readonly visibility: Visibility;
  readonly metadata: Metadata;
  /** Id of the principal who put it there. */
  readonly owner: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly updatedBy: string;
  /** When it is deleted by itself. */
  readonly expiresAt?: number;
  /** Links that were not taken back, oldest first. */
  readonly links: readonly FileLink[];
  /** Its bytes are those of the file that it was copied from; absent: they came with it. */
  readonly isCopy?: true;
}

/** What may be said of a file besides its bytes; a missing field stays as it is. */
export interface FileChanges {
  readonly name?: string;
  readonly visibility?: Visibility;
  /** A merge patch: null takes a name away. */
  readonly metadata?: Readonly<Record<string, string | null>>;
  /** `null`: never. */
  readonly expiresAt?: number | null;
}

/** Who changes a file, and when. */
export interface Hand {
  readonly by: string;
  readonly at: number;
}

const MOST_PAIRS = 20;
const LONGEST_KEY = 64;
const LONGEST_VALUE = 500;
const LONGEST_NAME = 255;

export interface NewFile extends Content {
  readonly id: string;
  readonly workspaceId: string;
  readonly name: string;
  readonly owner: string;
}

/** A file as it comes to be, private unless said otherwise. */
export function createFile({ name, ...created }: NewFile, said: Omit<FileChanges, 'name'>, { by, at }: Hand): WorkspaceFile {
  const bare = { ...created, name: plainName(name), visibility: 'private' as const, metadata: {}, createdAt: at, links: [] };
  return changeFile({ ...bare, updatedAt: at, updatedBy: by }, said, { by, at });
}

/** The file as it is after these changes; the same when they change nothing. Refuses metadata beyond measure and an end that is past. */
export function changeFile(file: WorkspaceFile, said: FileChanges, { by, at }: Hand): WorkspaceFile {
  const { expiresAt: ends, ...rest } = file;
  const until = said.expiresAt === undefined ? ends : (said.expiresAt ?? undefined);
  if (said.expiresAt !== undefined && until !== undefined && until <= at) throw endPast();
  const next = {
    ...rest,
    name: said.name === undefined ? file.name : plainName(said.name),
    visibility: said.visibility ?? file.visibility,
    metadata: patched(file.metadata, said.metadata ?? {}),
    ...(until === undefined ? {} : { expiresAt: until }),
  };
  return sameFile(file, next) ? file : { ...next, updatedAt: at, updatedBy: by };
}

/** The file with other bytes. */
export function replaceContent(
  { isCopy: _, ...file }: WorkspaceFile,
  { ref, size, sha256, type }: Content,
  { by, at }: Hand,
): WorkspaceFile {
  return { ...file, ref, size, sha256, type, updatedAt: at, updatedBy: by };
}

/** The file as another workspace has it: the same bytes, and none of its links. */
export function copyFile(file: WorkspaceFile, { id, workspaceId }: Pick<WorkspaceFile, 'id' | 'workspaceId'>): WorkspaceFile {
  return { ...file, id, workspaceId, links: [], isCopy: true };
}

/** Whether its time is over. */
export function isOver({ expiresAt }: Pick<WorkspaceFile, 'expiresAt'>, now: number): boolean {
  return expiresAt !== undefined && expiresAt <= now;
}

/** There is no such file, or none the caller may know of: the two are told the same. */
export function fileMissing(id: string): DomainError {
  return new DomainError('workspaces.file_not_found', 'not-found', `There is no file "${id}" here, or you may not see it.`, {
    facts: { file: id },
  });
}

/** A name is only text: what would mean something to a file system, a terminal or a header is not in it. */
function plainName(name: string): string {
  const plain = name
    .replace(/^.*[\\/]/su, '')
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '')
    .trim()
    .slice(0, LONGEST_NAME);
  return plain === '' || plain === '.' || plain === '..' ? 'file' : plain;
}

function patched(metadata: Metadata, patch: NonNullable<FileChanges['metadata']>): Metadata {
  const merged = Object.entries({ ...metadata, ...patch }).flatMap(([name, value]) => (value === null ? [] : [[name, value] as const]));
  const long = merged.find(([name, value]) => name === '' || name.length > LONGEST_KEY || value.length > LONGEST_VALUE);
  if (merged.length <= MOST_PAIRS && long === undefined) return Object.fromEntries(merged);
  throw new DomainError(
    'workspaces.metadata_too_large',
    'invalid',
    `A file has at most ${MOST_PAIRS} pairs of metadata, names of 1 to ${LONGEST_KEY} and texts of up to ${LONGEST_VALUE} characters.`,
    { errors: [{ pointer: '/metadata', code: 'too_large', detail: 'Say less of the file.' }] },
  );
}

function endPast(): DomainError {
  return new DomainError('workspaces.file_end_past', 'invalid', 'The end of the file is past. Give a time that is to come.', {
    errors: [{ pointer: '/expiresAt', code: 'past', detail: 'Give a time that is to come.' }],
  });
}

function sameFile(a: WorkspaceFile, b: WorkspaceFile): boolean {
  const sameMetadata = JSON.stringify(Object.entries(a.metadata).sort()) === JSON.stringify(Object.entries(b.metadata).sort());
  return sameMetadata && a.name === b.name && a.visibility === b.visibility && a.expiresAt === b.expiresAt;
}
