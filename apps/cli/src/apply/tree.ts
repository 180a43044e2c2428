import { createHash } from 'node:crypto';
import { lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesBelow, kindAt, entriesOf } from '../folder/disk';
import { isWorkspace, workspaceOfFolder } from '../folder/find';
import { misused, Refused } from '../refused';

/** A text, or the bytes of an asset, and the digest that a server knows it by. */
export interface TreeFile {
  readonly content: string | Uint8Array;
  /** SHA-256, lower-case hex. */
  readonly digest: string;
}

/** The files of a workspace by their paths, counted from its root and written with `/`. */
export type Tree = ReadonlyMap<string, TreeFile>;

const BESIDE = /^(?:workspace\.yaml|roles\.yaml|apps\.yaml|apps\.lock|secrets\.example\.yaml|README\.md)$/;
/** Neither hidden nor one that leads elsewhere. */
const NAME = /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/;
const ASSETS = 'assets';
/** What has the place of `workspace.yaml` there. */
const SEED = /^(?:index|runtime)\.ya?ml$/;
const FOLDERS = ['automations', 'events', 'tests', 'notifications', ASSETS];
const MOST_FILES = 5_000;
/** Bytes of a text, of an asset, and of all files together. */
const LARGEST_TEXT = 262_144;
const LARGEST_ASSET = 5 * 1_048_576;
const MOST_BYTES = 50 * 1_048_576;
/** A server reads these under one name alone; under another they would lie there and do nothing, or not be sent. */
const MISNAMED = /^(?:(?:workspace|roles|apps|secrets\.example)|events\/[^/]+|tests\/.+\.rules)\.(?:yml|json)$/;

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

/** What of a workspace folder a server keeps: documents, tests, texts about them, and assets. Links are left out, and so is `actions/`. Refuses what no server takes, each file named. */
export function treeOf(root: string): Tree {
  const inFolders = FOLDERS.filter((name) => kindAt(join(root, name)) === 'folder').flatMap((name) =>
    filesBelow(join(root, name), `${name}/`),
  );
  const beside = entriesOf(root).flatMap(({ name }) => (BESIDE.test(name) ? [name] : []));
  demandNames(root, [...entriesOf(root).map(({ name }) => name), ...inFolders]);
  const paths = [...beside, ...inFolders].filter((path) => lstatSync(join(root, path)).isFile());
  demandRoom(root, paths);
  return new Map(paths.sort().map((path) => [path, fileOf(contentOf(join(root, path), path))]));
}

/** Whether the file at a path may be any bytes. */
export function isAsset(path: string): boolean {
  return path.startsWith(`${ASSETS}/`);
}

/** Whether a path of a server has its place in such a folder. What has none stays on the server, whatever is applied. */
export function isPart(path: string): boolean {
  const [first = '', ...below] = path.split('/');
  return below.length === 0 ? BESIDE.test(first) : FOLDERS.includes(first) && below.every((name) => NAME.test(name));
}

/** A text or bytes with their digest. */
export function fileOf(content: string | Uint8Array): TreeFile {
  return { content, digest: createHash('sha256').update(content).digest('hex') };
}

function demandNames(root: string, paths: readonly string[]): void {
  if (kindAt(join(root, 'workspace.yaml')) === undefined && paths.some((path) => SEED.test(path)))
    throw misused('This folder is one of Prisme.ai.', 'millrace workspaces import . translates it, as a whole.');
  const misnamed = paths.find((path) => MISNAMED.test(path));
  if (misnamed === undefined) return;
  throw misused(`${misnamed} would do nothing on a server, which reads .yaml.`, 'give it that end.');
}

/** Refuses files of a folder that are more, or larger, than a workspace takes; each that is too large is named. */
export function demandRoom(root: string, paths: readonly string[]): void {
  if (paths.length > MOST_FILES) throw tooMuch(`The folder has ${paths.length} files, and a workspace at most ${MOST_FILES}.`);
  const sizes = paths.map((path) => ({ path, size: lstatSync(join(root, path)).size, most: isAsset(path) ? LARGEST_ASSET : LARGEST_TEXT }));
  const large = sizes.filter(({ size, most }) => size > most).map(({ path, size, most }) => `${path} (${size} bytes, of at most ${most})`);
  if (large.length > 0) throw tooMuch(`Too large for a workspace: ${large.join(', ')}.`);
  const bytes = sizes.reduce((sum, { size }) => sum + size, 0);
  if (bytes > MOST_BYTES) throw tooMuch(`The folder has ${bytes} bytes, and a workspace at most ${MOST_BYTES}.`);
}

function tooMuch(what: string): Refused {
  return new Refused('cli.too_much', 'invalid', what, 'take something out of the folder.');
}

function contentOf(file: string, shown: string): string | Uint8Array {
  return isAsset(shown) ? Uint8Array.from(readFileSync(file)) : textOf(file, shown);
}

function textOf(file: string, shown: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(readFileSync(file));
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new Refused(
      'cli.not_text',
      'invalid',
      `${shown} is no text in UTF-8.`,
      'only files below assets/ may be anything else; move it there.',
    );
  }
}
