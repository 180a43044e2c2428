import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Halt } from '../../launch/halt.mjs';

const PLUGIN = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy';

/** What a server that comes by Maven needs. */
export const MAVEN = { program: 'mvn', advice: 'On Debian: `apt-get install maven`.' };

/**
 * Fetches one file of a Maven repository by Maven itself, with its settings and its proxies.
 * @param {{ artifact: string, sha256: string, into: string, run: import('../server.mjs').Run }} wanted artifact as in
 *   `group:name:version:packaging`; into: an empty folder
 * @returns the path of the file, whose bytes are the pinned ones
 */
export async function fetchArtifact({ artifact, sha256, into, run }) {
  await run('mvn', ['--batch-mode', '--no-transfer-progress', PLUGIN, `-Dartifact=${artifact}`, `-DoutputDirectory=${into}`], {
    cwd: into,
  });
  const [name] = await readdir(into);
  if (name === undefined) throw new Halt(`Maven ended well and left no file for ${artifact}.`);
  const file = join(into, name);
  const found = await sha256Of(file);
  if (found === sha256) return file;
  throw new Halt(
    `${artifact} is not the file that was pinned: its SHA-256 is ${found}, wanted ${sha256}. Remove it from ~/.m2/repository and try again; if it stays so, somebody changed the file at its source.`,
  );
}

/** @param {string} file */
async function sha256Of(file) {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}
