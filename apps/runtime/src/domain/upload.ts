import { DomainError, type Json, type JsonMap } from '@millrace/kernel';

/** Bytes of a call that are kept elsewhere: a file, or a body too large to travel with the call. */
export interface UploadedFile {
  /** Field of the form it came in; empty for a whole body. */
  readonly field: string;
  /** As the sender calls it. */
  readonly name: string;
  /** Media type as the sender declares it. */
  readonly type: string;
  readonly size: number;
  /** SHA-256, lower-case hex. */
  readonly sha256: string;
  /** Names the bytes in the blob store. */
  readonly ref: string;
}

/** A body that was taken apart on its way. */
export interface Upload {
  /** Whether the body is the one file, and no form. */
  readonly isWhole: boolean;
  readonly fields: readonly (readonly [name: string, value: string])[];
  readonly files: readonly UploadedFile[];
}

/** A file as automations see it. */
export interface FileReference {
  /** Id of the file in its workspace; empty until it is kept. */
  readonly file: string;
  readonly name: string;
  readonly size: number;
  readonly type: string;
  readonly sha256: string;
}

/** The file as it came, before it is kept. */
export function referenceOf({ name, size, type, sha256 }: UploadedFile): FileReference {
  return { file: '', name, size, type, sha256 };
}

/**
 * The body as a value: the file that it is, or a form – of texts with one name the last, of files with one name a list, one or many.
 * `references` are its files, in their order. Refuses a name that is both.
 */
export function uploadValue({ isWhole, fields, files }: Upload, references: readonly FileReference[]): Json {
  if (isWhole) return { ...(references[0] ?? {}) };
  const texts: [string, Json][] = fields.filter(([name]) => name !== '__proto__').map(([name, value]) => [name, value]);
  const lists = new Map<string, JsonMap[]>();
  for (const [index, { field }] of files.entries()) {
    const reference = references[index];
    if (field === '__proto__' || reference === undefined) continue;
    lists.set(field, [...(lists.get(field) ?? []), { ...reference }]);
  }
  const both = texts.find(([name]) => lists.has(name));
  if (both === undefined) return Object.fromEntries([...texts, ...lists]);
  throw new DomainError(
    'runtime.body_malformed',
    'invalid',
    `The field ${JSON.stringify(both[0].slice(0, 64))} of the form is a text and a file. Give the two names of their own.`,
  );
}
