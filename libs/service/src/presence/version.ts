import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The version that the nearest package.json at or above a folder names; `unknown` where there is none, or none in it. */
export function versionAt(folder: string): string {
  const file = join(folder, 'package.json');
  if (!existsSync(file)) return folder === dirname(folder) ? 'unknown' : versionAt(dirname(folder));
  const { version = 'unknown' } = JSON.parse(readFileSync(file, 'utf8')) as { readonly version?: string };
  return version;
}
