import { DomainError } from '@millrace/kernel';
import type { Draft } from '../../domain/draft';
import { isAsset, largestAt } from '../../domain/tree/assets';
import { demandPaths, pointerTo } from '../../domain/tree/paths';
import type { SourceFile } from '../ports/checker';
import type { FileStore } from '../ports/file-store';

/** Files as they shall be: texts and the bytes of assets, and digests of what is stored already, by path. */
export interface Wish {
  readonly files: Readonly<Record<string, string | Uint8Array>>;
  readonly known: Readonly<Record<string, string>>;
  /** Whether files that are in neither go. */
  readonly prune: boolean;
}

export interface WantedFile {
  readonly digest: string;
  readonly size: number;
  /** Absent: stored already. */
  readonly content?: string | Uint8Array;
}

/** The files of a draft as they shall be, by path. */
export type WantedFiles = ReadonlyMap<string, WantedFile>;

/** Bytes of all files of a workspace. */
const MOST_BYTES = 50 * 1_048_576;
const MOST_FILES = 5_000;
const SHOWN = 50;
/** How many texts are stored or looked for at once. */
const AT_ONCE = 16;

/** Makes files of what a caller wants, and stores them. */
export class WantedTrees {
  constructor(private readonly files: FileStore) {}

  /** All files as they shall be. Refuses paths that no folder holds, texts that are not there, and too much. */
  async read(draft: Draft, wish: Wish): Promise<WantedFiles> {
    const texts = Object.entries(wish.files).map(([path, content]): [string, WantedFile] => [
      path,
      { ...this.files.digestOf(content), content },
    ]);
    const wanted = new Map([...(await this.known(draft, wish)), ...texts]);
    const all = new Map<string, WantedFile>([...(wish.prune ? [] : Object.entries(draft.files)), ...wanted]);
    demandPaths([...wanted.keys()], [...all.keys()]);
    demandRoom(all);
    return all;
  }

  /** Stores what is not stored yet. */
  async keep(workspaceId: string, wanted: WantedFiles): Promise<void> {
    const contents = [...wanted.values()].flatMap(({ content }) => content ?? []);
    await inTurns(contents, (content) => this.files.put(workspaceId, content));
  }

  /** The texts of those that are texts. */
  async texts(workspaceId: string, wanted: WantedFiles): Promise<readonly SourceFile[]> {
    const written = [...wanted].filter(([path]) => !isAsset(path));
    return inTurns(written, async ([path, { digest, content }]) => {
      return { path, text: typeof content === 'string' ? content : await this.files.get(workspaceId, digest) };
    });
  }

  private async known({ workspaceId, files }: Draft, { known }: Wish): Promise<readonly [string, WantedFile][]> {
    const sizes = new Map(Object.values(files).map(({ digest, size }) => [digest, size]));
    const found = await inTurns(Object.entries(known), async ([path, digest]) => {
      return { path, digest, size: sizes.get(digest) ?? (await this.files.sizeOf(workspaceId, digest)) };
    });
    const there = found.flatMap(({ path, digest, size }): [string, WantedFile][] => (size === undefined ? [] : [[path, { digest, size }]]));
    if (there.length < found.length) throw textsMissing(found.flatMap(({ path, size }) => (size === undefined ? [path] : [])));
    return there;
  }
}

async function inTurns<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let first = 0; first < items.length; first += AT_ONCE) {
    results.push(...(await Promise.all(items.slice(first, first + AT_ONCE).map(work))));
  }
  return results;
}

function demandRoom(all: WantedFiles): void {
  if (all.size > MOST_FILES) {
    throw new DomainError('workspaces.too_many_files', 'exhausted', `A workspace holds at most ${MOST_FILES} files. Delete some first.`);
  }
  const [large] = [...all].find(([path, { size }]) => size > largestAt(path)) ?? [];
  if (large !== undefined) {
    throw new DomainError(
      'workspaces.file_too_large',
      'invalid',
      `${large} is larger than ${largestAt(large)} bytes. Make several files of it.`,
    );
  }
  const bytes = [...all.values()].reduce((sum, { size }) => sum + size, 0);
  if (bytes > MOST_BYTES) {
    const detail = `The files have ${bytes} bytes together, and a workspace holds at most ${MOST_BYTES}. Leave out what it does not need.`;
    throw new DomainError('workspaces.tree_too_large', 'invalid', detail);
  }
}

function textsMissing(paths: readonly string[]): DomainError {
  const detail = `The texts of ${paths.length} of the files are not here. Send them under "files", or first with draft:stage.`;
  return new DomainError('workspaces.texts_missing', 'invalid', detail, {
    facts: { count: paths.length },
    errors: paths.slice(0, SHOWN).map((path) => {
      return { pointer: pointerTo(path), code: 'missing', detail: `The text of ${path} is not here.` };
    }),
  });
}
