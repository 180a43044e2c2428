// Keycloak with the realm of keycloak/, imported as it stands. Who wants people, secrets or clients in it makes them as an administrator does.
import { randomBytes } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { java, javaHome } from '../installing/java.mjs';
import { fetchArtifact, MAVEN } from '../installing/maven.mjs';

const VERSION = '26.7.3';
const SHA256 = '77657f30b7e90d70f727712ce1c967f430fd6a5e9f458d32d8c6df0635345f47';
const REALM = join(import.meta.dirname, '../../../keycloak');
const JAVAS = { from: 17, to: 25 };
/** What Keycloak finds beside its data, and only reads. */
const PROGRAM = ['bin', 'conf', 'lib', 'providers', 'themes'];

/** @type {import('../server.mjs').Server} */
export const server = {
  name: 'keycloak',
  version: VERSION,
  needs: [java(JAVAS), MAVEN, { program: 'tar', advice: 'On Debian: `apt-get install tar`.' }],

  async install({ cache, run }) {
    const artifact = `org.keycloak:keycloak-quarkus-dist:${VERSION}:tar.gz`;
    const archive = await fetchArtifact({ artifact, sha256: SHA256, into: cache, run });
    await run('tar', ['--extract', '--strip-components=1', '--file', archive, '--directory', cache]);
    rmSync(archive);
    // Once and for all starts: it takes longer than a start does.
    await run(join(cache, 'bin', 'kc.sh'), ['build', '--db=dev-file'], { env: javaOf() });
  },

  async launch({ cache, folder, port }) {
    const at = port();
    const origin = `http://127.0.0.1:${at}`;
    const home = homeOf(cache, folder);
    const password = adminPassword(folder);
    const issuer = `${origin}/realms/millrace`;
    return {
      command: join(home, 'bin', 'kc.sh'),
      args: [
        ...['start', '--optimized', '--import-realm', '--cache=local', `--hostname=${origin}`],
        ...['--http-enabled=true', '--http-host=127.0.0.1', `--http-port=${at}`, `-Dkc.home.dir=${home}`],
      ],
      env: {
        ...javaOf(),
        KC_BOOTSTRAP_ADMIN_USERNAME: 'admin',
        KC_BOOTSTRAP_ADMIN_PASSWORD: password,
      },
      settings: { MILLRACE_ISSUER_URL: issuer, MILLRACE_KEYCLOAK_ADMIN_PASSWORD: password },
      healthy: async (signal) => (await fetch(`${issuer}/.well-known/openid-configuration`, { signal })).ok,
      patience: 180_000,
    };
  },
};

/** @returns {Record<string, string>} */
function javaOf() {
  const home = javaHome(JAVAS);
  return home === undefined ? {} : { JAVA_HOME: home };
}

/**
 * A home of its own for the data of one stack, with the program of the cache in it.
 * @param {string} cache
 * @param {string} folder
 */
function homeOf(cache, folder) {
  const home = join(folder, 'home');
  const data = join(home, 'data');
  mkdirSync(join(data, 'import'), { recursive: true });
  for (const part of PROGRAM) {
    rmSync(join(home, part), { force: true });
    symlinkSync(join(cache, part), join(home, part));
  }
  cpSync(join(REALM, 'millrace-realm.json'), join(data, 'import', 'millrace-realm.json'));
  cpSync(join(REALM, 'password-blacklists'), join(data, 'password-blacklists'), { recursive: true });
  return home;
}

/**
 * The password of the user `admin` of the realm `master`; the same as long as the data is.
 * @param {string} folder
 */
function adminPassword(folder) {
  const file = join(folder, 'admin-password');
  if (!existsSync(file)) writeFileSync(file, randomBytes(18).toString('base64url'), { mode: 0o600 });
  return readFileSync(file, 'utf8');
}
