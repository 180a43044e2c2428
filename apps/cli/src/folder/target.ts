import { basename, dirname, join, resolve } from 'node:path';
import { Refused } from '../refused';
import { entriesOf, filesBelow, kindAt, missing, pathFrom, textOf } from './disk';
import { workspaceOfFile, workspaceOfFolder, workspacesBelow } from './find';
import { roleOf } from './layout';
import type { Role } from './layout';

/** A file of a workspace. */
export interface WorkspaceFile {
  /** From the root of the workspace, with `/`. */
  readonly file: string;
  readonly role: Role;
}

/** A workspace on disk, and those of its files that were asked for. */
export interface Part {
  readonly root: string;
  readonly files: readonly WorkspaceFile[];
  readonly asked: (file: string) => boolean;
}

/** What a path on the command line stands for. */
export interface Target {
  /** As it was written. */
  readonly path: string;
  readonly parts: readonly Part[];
}

const EVERY = (): boolean => true;
const DOCUMENT = /\.(?:ya?ml|json)$/;
/** What the text of an automation has, and that of other YAML files that lie about seldom. */
const AUTOMATION = /^[{\s]*["']?(?:do|when)["']?\s*:/m;

/**
 * The workspaces a path means: the one it is, the one it is a part of, or all below it. A file outside every workspace is an automation
 * by itself, and so are those in a folder without any that look like one. Refuses a path where nothing stands, or nothing of ours.
 */
export function targetAt(path: string, folder: string): Target {
  const place = resolve(folder, path);
  const kind = kindAt(place);
  if (kind === undefined) throw missing(path);
  return { path, parts: kind === 'file' ? [partWithFile(place)] : partsInFolder(place, path) };
}

/** All of the workspace at a root. */
export function wholeWorkspace(root: string): Part {
  return { root, files: filesOf(root), asked: EVERY };
}

/** The workspace that a file is a part of; the file alone when it is part of none. */
export function partWithFile(place: string): Part {
  const root = workspaceOfFile(place);
  if (root === undefined) return looseFiles(dirname(place), [basename(place)]);
  const wanted = pathFrom(root, place);
  return { root, files: filesOf(root), asked: (file) => file === wanted };
}

function partsInFolder(place: string, path: string): readonly Part[] {
  const root = workspaceOfFolder(place);
  if (root !== undefined) return [{ ...wholeWorkspace(root), asked: root === place ? EVERY : within(pathFrom(root, place)) }];
  const below = workspacesBelow(place);
  if (below.length > 0) return below.map(wholeWorkspace);
  const loose = entriesOf(place).filter(
    (entry) => entry.isFile() && DOCUMENT.test(entry.name) && AUTOMATION.test(textOf(join(place, entry.name), entry.name)),
  );
  if (loose.length > 0)
    return [
      looseFiles(
        place,
        loose.map(({ name }) => name),
      ),
    ];
  throw new Refused(
    'cli.nothing_here',
    'not-found',
    `There is nothing to look at in ${path}: no workspace.yaml, no automations/, no automation.`,
    'give the folder of a workspace, a folder with workspaces in it, or an automation.',
  );
}

function within(folder: string): (file: string) => boolean {
  return (file) => file.startsWith(`${folder}/`);
}

function looseFiles(root: string, names: readonly string[]): Part {
  return { root, files: names.map((file) => ({ file, role: 'automation' })), asked: EVERY };
}

function filesOf(root: string): readonly WorkspaceFile[] {
  const inFolders = ['automations', 'events', 'tests', 'imports']
    .filter((name) => kindAt(join(root, name)) === 'folder')
    .flatMap((name) => filesBelow(join(root, name), `${name}/`));
  const beside = entriesOf(root).flatMap((entry) => (entry.isFile() ? [entry.name] : []));
  return [...beside, ...inFolders].flatMap((file) => {
    const role = roleOf(file);
    return role === undefined ? [] : [{ file, role }];
  });
}
