import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { alone } from '../lock.mjs';
import { run } from './programs.mjs';

/** Where the files of the servers are kept, over clones and stacks. */
export function cacheFolder() {
  return process.env['MILLRACE_CACHE'] ?? join(homedir(), '.cache', 'millrace');
}

/**
 * The folder with a server's files, which are fetched or built when it is not there. It gets its name in one step when all of it is there,
 * so what was interrupted is never taken for whole; one process at a time installs, others wait for it.
 * @param {Pick<import('../server.mjs').Server, 'name' | 'version' | 'install'>} server
 * @param {string} folder of the cache
 * @param {(text: string) => void} tell
 */
export async function installed({ name, version, install }, folder, tell) {
  const cache = join(folder, `${name}-${version}`);
  if (existsSync(cache)) return cache;
  return alone(join(folder, `${name}.lock`), async () => {
    if (existsSync(cache)) return cache;
    const partial = `${cache}.partial`;
    rmSync(partial, { recursive: true, force: true });
    mkdirSync(partial, { recursive: true });
    tell(`fetching ${version}, once`);
    await install({ cache: partial, run });
    renameSync(partial, cache);
    return cache;
  });
}
