import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parsed } from '../data/read';
import { isMap } from '../data/value';

/** What stood on a server when this folder was last applied there or pulled from it: digests by path. */
export interface Base {
  readonly url: string;
  /** Its id. */
  readonly workspace: string;
  readonly files: Readonly<Record<string, string>>;
}

const FOLDER = '.millrace';
const FILE = 'applied.json';

/** The base of a workspace of a server; undefined when this folder has not met it yet. */
export function baseOf(root: string, url: string, workspace: string): Base | undefined {
  return basesIn(root).find((base) => base.url === url && base.workspace === workspace);
}

/** Keeps a base, in place of the one before. */
export function keepBase(root: string, base: Base): void {
  const others = basesIn(root).filter(({ url, workspace }) => url !== base.url || workspace !== base.workspace);
  const folder = join(root, FOLDER);
  mkdirSync(folder, { recursive: true });
  const ignored = join(folder, '.gitignore');
  if (!existsSync(ignored)) writeFileSync(ignored, '*\n');
  const place = join(folder, FILE);
  writeFileSync(`${place}.new`, `${JSON.stringify({ bases: [...others, base] }, undefined, 1)}\n`);
  renameSync(`${place}.new`, place);
}

function basesIn(root: string): readonly Base[] {
  const place = join(root, FOLDER, FILE);
  if (!existsSync(place)) return [];
  const found = parsed(readFileSync(place, 'utf8'), place);
  const bases = isMap(found) ? found['bases'] : [];
  return (Array.isArray(bases) ? bases : []) as readonly Base[];
}
