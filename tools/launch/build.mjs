import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runWithProgress } from './progress.mjs';
import { readJson } from './read-json.mjs';

const NEST = 'node_modules/@nestjs/cli/bin/nest.js';
const SOURCES = ['apps', 'libs', 'tsconfig.json', 'nest-cli.json', 'rspack.config.mjs', 'package-lock.json'];
const STAMP = '.cache/built';
const ADVICE = 'Mend the files named above (`npm run check` says more), then run the same command again.';

/** @typedef {{ projects: Record<string, unknown> }} NestProjects */

/**
 * Builds every app, unless they were built from these very sources.
 * @param {string} node the Node that builds
 */
export async function build(node) {
  const { projects } = /** @type {NestProjects} */ (readJson('nest-cli.json'));
  const fingerprint = fingerprintOf(SOURCES);
  const built = existsSync(STAMP) && readFileSync(STAMP, 'utf8') === fingerprint;
  if (built && Object.keys(projects).every((app) => existsSync(`dist/apps/${app}/main.js`))) return;
  await runWithProgress({ title: 'Building', command: [node, NEST, 'build', '--all'], log: '.cache/build.log', advice: ADVICE });
  mkdirSync(dirname(STAMP), { recursive: true });
  writeFileSync(STAMP, fingerprint);
}

/**
 * A hash of the names and contents of all sources below the given files and folders. Specs do not count: no build contains them.
 * @param {string[]} roots
 */
export function fingerprintOf(roots) {
  const hash = createHash('sha256');
  for (const path of roots.flatMap(filesBelow)) hash.update(`${path}\0`).update(readFileSync(path)).update('\0');
  return hash.digest('hex');
}

/**
 * @param {string} path a file or a folder
 * @returns {string[]}
 */
function filesBelow(path) {
  if (!existsSync(path) || path.endsWith('.spec.ts')) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesBelow(join(path, name)));
}
