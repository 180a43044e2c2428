// S3 in a folder: the Versity gateway on its POSIX backend. The keys are made at the first start in a folder and stay.
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const VERSION = '1.7.0';

/** @type {import('../server.mjs').Server} */
export const server = {
  name: 's3',
  version: VERSION,
  needs: [{ program: 'go', advice: 'Install Go 1.25 or newer (https://go.dev/dl, or the package golang-go).' }],

  async install({ cache, run }) {
    await run('go', ['install', `github.com/versity/versitygw/cmd/versitygw@v${VERSION}`], { env: { GOBIN: cache } });
  },

  async launch({ cache, folder, port }) {
    const at = `127.0.0.1:${port()}`;
    const buckets = join(folder, 'buckets');
    mkdirSync(buckets, { recursive: true });
    const { access, secret } = keysOf(folder);
    return {
      command: join(cache, 'versitygw'),
      // What is known of an object is kept with its file, so one cannot change without the other. It ends with a sentence where a file system
      // keeps no attributes of users.
      args: ['--port', at, '--health', '/health', '--quiet', 'posix', buckets],
      env: { ROOT_ACCESS_KEY: access, ROOT_SECRET_KEY: secret },
      settings: { MILLRACE_S3_URL: `http://${at}`, MILLRACE_S3_ACCESS_KEY: access, MILLRACE_S3_SECRET_KEY: secret },
      healthy: async (signal) => (await fetch(`http://${at}/health`, { signal })).ok,
      patience: 30_000,
    };
  },
};

/**
 * @param {string} folder
 * @returns {{ access: string, secret: string }}
 */
function keysOf(folder) {
  const file = join(folder, 'keys.json');
  if (!existsSync(file)) {
    const made = { access: randomBytes(10).toString('hex'), secret: randomBytes(20).toString('hex') };
    writeFileSync(file, JSON.stringify(made), { mode: 0o600 });
  }
  return JSON.parse(readFileSync(file, 'utf8'));
}
