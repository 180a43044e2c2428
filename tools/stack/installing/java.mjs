import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const INSTALLED = '/usr/lib/jvm';

/** @typedef {{ from: number, to: number }} JavaVersions major versions, both included */

/**
 * The home of a Java of those versions, for JAVA_HOME: the one that JAVA_HOME names already, else the one on the path, else the newest that
 * the machine's packages hold; undefined when there is none.
 * @param {JavaVersions} wanted
 */
export function javaHome({ from, to }) {
  const preferred = [process.env['JAVA_HOME'], undefined].map(askJava);
  const installed = installedHomes()
    .map(askJava)
    .sort((one, other) => (other?.major ?? 0) - (one?.major ?? 0));
  return [...preferred, ...installed].find((java) => java !== undefined && java.major >= from && java.major <= to)?.home;
}

/**
 * What a server on Java needs.
 * @param {JavaVersions} wanted
 * @returns {import('../server.mjs').Need}
 */
export function java({ from, to }) {
  return {
    program: 'java',
    advice: `On Debian: \`apt-get install default-jre-headless\`. Java ${from} to ${to} will do, on the path, in ${INSTALLED} or where JAVA_HOME says.`,
    met: () => javaHome({ from, to }) !== undefined,
  };
}

function installedHomes() {
  const names = existsSync(INSTALLED) ? readdirSync(INSTALLED) : [];
  return names.map((name) => join(INSTALLED, name)).filter((home) => existsSync(join(home, 'bin', 'java')));
}

/** @param {string | undefined} home undefined for the Java on the path */
function askJava(home) {
  const command = home === undefined ? 'java' : join(home, 'bin', 'java');
  const { stderr } = spawnSync(command, ['-XshowSettings:properties', '-version'], { encoding: 'utf8' });
  const major = /java\.specification\.version = (\d+)/.exec(stderr)?.[1];
  const found = /java\.home = (.+)/.exec(stderr)?.[1];
  return major === undefined || found === undefined ? undefined : { major: Number(major), home: found.trim() };
}
