import { DomainError, type Principal } from '@millrace/kernel';

/** One file of a draft. The text is kept under its digest. */
export interface DraftFile {
  /** SHA-256 of the text, lower-case hex. */
  readonly digest: string;
  /** Bytes. */
  readonly size: number;
  /** 1 when created, one more with each change. */
  readonly revision: number;
  readonly updatedBy: string;
  readonly updatedAt: number;
}

/** Something with revisions, as far as a writer's demands are about it. */
export type Revised = Pick<DraftFile, 'revision' | 'updatedBy' | 'updatedAt'>;

/** What stands in a workspace now, published or not: path → file. */
export interface Draft {
  readonly workspaceId: string;
  readonly files: Readonly<Record<string, DraftFile>>;
  /** What was applied last; absent: nothing yet. */
  readonly base?: DraftBase;
  /** Who changed what stands in it last; absent: nobody since it was made, or who did has left for good. */
  readonly touched?: DraftTouch;
}

/** Somebody with the rights that they had then, and when (milliseconds since 1970). */
export interface DraftTouch {
  readonly by: Principal;
  readonly at: number;
}

/** The whole that was applied to a draft last. Its files stand under the digest, as those of a version do. */
export interface DraftBase {
  readonly digest: string;
  /** Where the files came from, if it was said. */
  readonly commit?: string;
  readonly by: string;
  readonly at: number;
  /** Id of the work that applied it, by which that one knows it has; absent: it will not ask. */
  readonly once?: string;
}

/** What a writer demands of the file as it is: a revision, that there is one, that there is none, or nothing. */
export type Expectation =
  | { readonly kind: 'revision'; readonly revision: number }
  | { readonly kind: 'any' }
  | { readonly kind: 'absent' }
  | { readonly kind: 'none' };

/** Files of a draft, and so of a version. */
export const MOST_FILES = 5_000;
/** How a document may be written; all are read alike. */
const FORMS = ['.yaml', '.yml', '.json'] as const;

export function emptyDraft(workspaceId: string): Draft {
  return { workspaceId, files: {} };
}

/** The person whom a draft's last change names, be it themselves or an automation that acts for them. */
export function toucherOf({ touched }: Draft): string | undefined {
  return touched?.by.onBehalfOf ?? touched?.by.id;
}

/** The draft without the name of who changed it last, if it is this person's. */
export function forgetToucher(draft: Draft, person: string): Draft {
  if (toucherOf(draft) !== person) return draft;
  const { touched: _, ...nameless } = draft;
  return nameless;
}

/** Path of a new automation's file: `automations/<slug>.yaml`. */
export function automationPath(slug: string): string {
  return `automations/${slug}.yaml`;
}

/** Path of the file that an automation has, whatever form it is in; of a new one, where there is none. */
export function pathOfAutomation({ files }: Draft, slug: string): string {
  const paths = FORMS.map((form) => `automations/${slug}${form}`);
  return paths.find((path) => Object.hasOwn(files, path)) ?? automationPath(slug);
}

/** The file at a path; undefined: there is none. */
export function fileAt({ files }: Draft, path: string): DraftFile | undefined {
  return Object.hasOwn(files, path) ? files[path] : undefined;
}

/** Slug of the automation in a file; undefined when the path is no automation's. */
export function automationSlug(path: string): string | undefined {
  return /^automations\/(.+)\.(?:ya?ml|json)$/.exec(path)?.[1];
}

/** Slugs of all automations of a draft. */
export function automationSlugs({ files }: Draft): ReadonlySet<string> {
  return new Set(Object.keys(files).flatMap((path) => automationSlug(path) ?? []));
}

export interface FileWrite {
  readonly path: string;
  readonly digest: string;
  readonly size: number;
  readonly by: string;
  readonly at: number;
}

/** The draft with the file written, and the file. Unchanged text keeps its revision and gives the draft as it was. */
export function writeFile(draft: Draft, write: FileWrite, expectation: Expectation): { draft: Draft; file: DraftFile } {
  const before = draft.files[write.path];
  demandRevision(write.path, before, expectation);
  if (before?.digest === write.digest) return { draft, file: before };
  if (before === undefined && Object.keys(draft.files).length >= MOST_FILES) {
    throw tooManyFiles();
  }
  const { path, digest, size, by, at } = write;
  const file = { digest, size, revision: (before?.revision ?? 0) + 1, updatedBy: by, updatedAt: at };
  return { draft: { ...draft, files: { ...draft.files, [path]: file } }, file };
}

/** The draft with these files at these paths: what is written anew, by whom and when, counts its revision on. Undefined: the file goes. */
export function writeFiles(
  draft: Draft,
  files: ReadonlyMap<string, Pick<DraftFile, 'digest' | 'size'> | undefined>,
  { by, at }: Pick<FileWrite, 'by' | 'at'>,
): Draft {
  const next = new Map(Object.entries(draft.files));
  for (const [path, file] of files) {
    const before = next.get(path);
    if (file === undefined) next.delete(path);
    else if (before?.digest !== file.digest) {
      const { digest, size } = file;
      next.set(path, { digest, size, revision: (before?.revision ?? 0) + 1, updatedBy: by, updatedAt: at });
    }
  }
  if (next.size > MOST_FILES) throw tooManyFiles();
  return { ...draft, files: Object.fromEntries(next) };
}

/** The draft without the file; `undefined` when there was none. */
export function removeFile(draft: Draft, path: string, expectation: Expectation): Draft | undefined {
  const before = draft.files[path];
  if (before === undefined) return undefined;
  demandRevision(path, before, expectation);
  const { [path]: _, ...files } = draft.files;
  return { ...draft, files };
}

/** Refuses what is not as its writer demands. `what` names it to who is refused. */
export function demandRevision(what: string, file: Revised | undefined, expectation: Expectation): void {
  switch (expectation.kind) {
    case 'any':
      if (file === undefined) throw preconditionFailed(what, file);
      return;
    case 'absent':
      if (file !== undefined) throw preconditionFailed(what, file);
      return;
    case 'revision':
      if (file?.revision !== expectation.revision) throw preconditionFailed(what, file);
      return;
    case 'none':
      if (file !== undefined) throw preconditionRequired(what);
  }
}

function tooManyFiles(): DomainError {
  return new DomainError('workspaces.too_many_files', 'exhausted', `A workspace holds at most ${MOST_FILES} files. Delete some first.`);
}

function preconditionFailed(path: string, file: Revised | undefined): DomainError {
  if (file === undefined) {
    return new DomainError(
      'workspaces.precondition_failed',
      'conflict',
      `There is no ${path} any more. Create it again with If-None-Match: *.`,
      { facts: { path } },
    );
  }
  const { revision, updatedBy, updatedAt } = file;
  return new DomainError(
    'workspaces.precondition_failed',
    'conflict',
    `${path} is at revision ${revision}, changed by ${updatedBy} at ${new Date(updatedAt).toISOString()}. Read it again and repeat the change.`,
    { facts: { path, etag: String(revision), updatedBy, updatedAt } },
  );
}

function preconditionRequired(path: string): DomainError {
  return new DomainError(
    'workspaces.precondition_required',
    'conflict',
    `${path} exists. Send If-Match with its ETag to change it, or If-Match: * to overwrite whatever is there.`,
    { facts: { path } },
  );
}

/** `If-Match` and `If-None-Match` as they came; empty: not sent. */
export interface Conditions {
  readonly ifMatch: string;
  readonly ifNoneMatch?: string;
}

/** What the headers demand. A revision stands in quotes or bare. */
export function expectationOf({ ifMatch, ifNoneMatch }: Conditions): Expectation {
  if (ifNoneMatch === '*') return { kind: 'absent' };
  if (ifMatch === '') return { kind: 'none' };
  if (ifMatch === '*') return { kind: 'any' };
  const revision = /^(?:W\/)?"?(\d{1,15})"?$/.exec(ifMatch)?.[1];
  if (revision !== undefined) return { kind: 'revision', revision: Number(revision) };
  throw new DomainError('workspaces.etag_invalid', 'invalid', `If-Match wants an ETag as it was answered, or *; "${ifMatch}" is neither.`, {
    errors: [{ pointer: '/ifMatch', code: 'etag', detail: 'Send the ETag as it was answered, or *.' }],
  });
}
