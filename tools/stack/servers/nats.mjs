// The NATS server with the settings and the users of deploy/nats. Whoever gives no name is the user `tests`, who may do everything.
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';

const VERSION = '2.14.5';
const SETTINGS = join(import.meta.dirname, '../../../deploy/nats');
const PASSWORD = /\$(MILLRACE_NATS_[A-Z]+_PASSWORD)/g;

/** @type {import('../server.mjs').Server} */
export const server = {
  name: 'nats',
  version: VERSION,
  needs: [{ program: 'go', advice: 'Install Go 1.25 or newer (https://go.dev/dl, or the package golang-go).' }],

  async install({ cache, run }) {
    await run('go', ['install', `github.com/nats-io/nats-server/v2@v${VERSION}`], { env: { GOBIN: cache } });
  },

  async launch({ cache, folder, port }) {
    const [at, monitor] = [port(), port()];
    const passwords = passwordsOf(folder);
    const config = join(folder, 'nats.conf');
    // The server takes every include for relative to the file it stands in.
    writeFileSync(config, `include '${relative(realpathSync(folder), join(SETTINGS, 'nats.conf'))}'\nno_auth_user: tests\n`);
    return {
      command: join(cache, 'nats-server'),
      args: ['--config', config, '--addr', '127.0.0.1', '--port', String(at), '--http_port', String(monitor)],
      env: {
        ...passwords,
        MILLRACE_NATS_STORE: join(folder, 'jetstream'),
        MILLRACE_NATS_SYNC: process.env['MILLRACE_NATS_SYNC'] ?? 'always',
      },
      settings: {
        MILLRACE_NATS_URL: `nats://127.0.0.1:${at}`,
        MILLRACE_NATS_MONITOR_URL: `http://127.0.0.1:${monitor}`,
        ...passwords,
      },
      healthy: async (signal) => (await fetch(`http://127.0.0.1:${monitor}/healthz`, { signal })).ok,
      patience: 60_000,
    };
  },
};

/**
 * A password for each user, by the name of its variable; the same at every start in the same folder.
 * @param {string} folder
 * @returns {Record<string, string>}
 */
function passwordsOf(folder) {
  const file = join(folder, 'passwords.json');
  /** @type {Record<string, string>} */
  const known = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  const names = readFileSync(join(SETTINGS, 'gen/users.conf'), 'utf8').matchAll(PASSWORD);
  const all = Object.fromEntries([...names].map(([, name = '']) => [name, known[name] ?? `p-${randomBytes(16).toString('hex')}`]));
  writeFileSync(file, JSON.stringify(all), { mode: 0o600 });
  return all;
}
