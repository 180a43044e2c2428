import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Perform } from '../usage/command';

/** `millrace version`. */
export const performVersion: Perform = async (invocation, { output }) => {
  const version = readVersion(import.meta.dirname);
  output.write(invocation.on('json') ? `${JSON.stringify({ version, node: process.versions.node })}\n` : `millrace ${version}\n`);
  return 0;
};

/** The version in the nearest package.json above a folder: the one of the repository, or of the published package. */
export function readVersion(folder: string): string {
  const file = join(folder, 'package.json');
  const found = textOf(file);
  if (found !== undefined) return versionIn(JSON.parse(found));
  const parent = dirname(folder);
  return parent === folder ? 'unknown' : readVersion(parent);
}

function versionIn(manifest: unknown): string {
  const isManifest = typeof manifest === 'object' && manifest !== null && 'version' in manifest;
  return isManifest && typeof manifest.version === 'string' ? manifest.version : 'unknown';
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
