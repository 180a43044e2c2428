import { runWithProgress } from './progress.mjs';
import { readJson } from './read-json.mjs';

/** @typedef {{ version?: string, integrity?: string, optional?: boolean, devOptional?: boolean, os?: string[], cpu?: string[] }} LockedPackage */
/** @typedef {{ packages: Record<string, LockedPackage> }} Lock */

const LOCK = 'package-lock.json';
/** npm's own record of what it put into node_modules; written last, so an interrupted installation has none. */
const INSTALLED = 'node_modules/.package-lock.json';
const ADVICE = 'Check that the npm registry can be reached (`npm ping`) and that the disk has room, then run the same command again.';

/** Installs the packages of the lock file, unless node_modules holds them already. */
export async function install() {
  const lock = /** @type {Lock} */ (readJson(LOCK));
  if (isInstalled(lock, /** @type {Lock | undefined} */ (readJson(INSTALLED)))) return;
  const total = Object.values(lock.packages).filter(isForThisMachine).length - 1;
  let fetched = 0;
  await runWithProgress({
    title: 'Installing packages',
    command: [...npm(), 'ci', '--ignore-scripts', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=http'],
    log: '.cache/install.log',
    advice: ADVICE,
    detail: (output) => {
      fetched += output.match(/^npm http .*\.tgz/gm)?.length ?? 0;
      return `${Math.min(fetched, total)} of ${total} fetched`;
    },
  });
}

/**
 * Whether what is installed is what the lock file asks for. Optional packages may be missing: most are for other machines.
 * @param {Lock} lock
 * @param {Lock | undefined} installed
 */
export function isInstalled(lock, installed) {
  if (!installed) return false;
  return Object.entries(lock.packages).every(([path, wanted]) => {
    if (path === '') return true;
    const found = installed.packages[path];
    if (!found) return wanted.optional === true || wanted.devOptional === true;
    return found.version === wanted.version && found.integrity === wanted.integrity;
  });
}

/** @param {LockedPackage} wanted */
function isForThisMachine({ os, cpu }) {
  return (os?.includes(process.platform) ?? true) && (cpu?.includes(process.arch) ?? true);
}

/** The npm that called us where npm did, else the one on the path. */
function npm() {
  const caller = process.env['npm_execpath'];
  return caller?.endsWith('npm-cli.js') ? [process.execPath, caller] : ['npm'];
}
