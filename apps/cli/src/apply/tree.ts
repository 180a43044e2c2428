import { createHash } from 'node:crypto';
import { lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesBelow, kindAt, entriesOf } from '../folder/disk';
import { isWorkspace, workspaceOfFolder } from '../folder/find';
import { misused, Refused } from '../refused';

/** A text and the digest that a server knows it by. */
export interface TreeFile {
  readonly text: string;
  /** SHA-256, lower-case hex. */
  readonly digest: string;
}

/** The files of a workspace by their paths, counted from its root and written with `/`. */
export type Tree = ReadonlyMap<string, TreeFile>;

const BESIDE = /^(?:workspace\.yaml|roles\.yaml|apps\.yaml|apps\.lock|secrets\.example\.yaml|README\.md)$/;
/** Neither hidden nor one that leads elsewhere. */
const NAME = /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/;
const FOLDERS = ['automations', 'events', 'tests', 'notifications'];
/** What a server reads has this end; the same under another would lie there and do nothing. */
const MISNAMED = /^(?:automations|events)\/.*\.(?:yml|json)$/;

/** The root of the workspace that a folder is, or stands in. Refuses a folder that is none. */
export function rootOf(folder: string): string {
  const root = workspaceOfFolder(folder);
  if (root !== undefined && isWorkspace(root)) return root;
  throw new Refused(
    'cli.no_workspace_here',
    'not-found',
    'This folder is no workspace: it has neither workspace.yaml nor automations/.',
    'go to the folder of one.',
  );
}

/** What of a workspace folder a server keeps: documents, tests and texts about them. Links are left out, and so is `actions/`. */
export function treeOf(root: string): Tree {
  const inFolders = FOLDERS.filter((name) => kindAt(join(root, name)) === 'folder').flatMap((name) =>
    filesBelow(join(root, name), `${name}/`),
  );
  const beside = entriesOf(root).flatMap(({ name }) => (BESIDE.test(name) ? [name] : []));
  const paths = [...beside, ...inFolders].filter((path) => lstatSync(join(root, path)).isFile());
  const misnamed = paths.find((path) => MISNAMED.test(path));
  if (misnamed !== undefined) throw misused(`${misnamed} would do nothing on a server, which reads .yaml.`, 'give it that end.');
  return new Map(paths.sort().map((path) => [path, fileOf(textOf(join(root, path), path))]));
}

/** Whether a path of a server has its place in such a folder. What has none stays on the server, whatever is applied. */
export function isPart(path: string): boolean {
  const [first = '', ...below] = path.split('/');
  return below.length === 0 ? BESIDE.test(first) : FOLDERS.includes(first) && below.every((name) => NAME.test(name));
}

/** A text with its digest. */
export function fileOf(text: string): TreeFile {
  return { text, digest: createHash('sha256').update(text).digest('hex') };
}

function textOf(file: string, shown: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(readFileSync(file));
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new Refused('cli.not_text', 'invalid', `${shown} is no text in UTF-8.`, 'a workspace holds texts; take it out of the folder.');
  }
}
