// docker-compose.yml and what it stands on, seen without an engine that runs it.
import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { composeProblems } from './deploy/compose.mjs';
import { imageProblems } from './deploy/images.mjs';
import { variableProblems } from './deploy/variables.mjs';

const DATA = ['deploy/prometheus', 'deploy/grafana'];

/**
 * Keys that compose knows, images pinned, no password with a default, variables known to who reads them, mounted files there.
 * @returns {Promise<string | undefined>} what is wrong, a line each
 */
export async function brokenDeployment() {
  const text = readFileSync('docker-compose.yml', 'utf8');
  /** @type {import('./deploy/compose.mjs').Compose} */
  const compose = parse(text, { merge: true });
  const problems = [
    ...composeProblems(compose),
    ...imageProblems(compose, readFileSync('deploy/Dockerfile', 'utf8')),
    ...variableProblems(compose, text, readFileSync('.env.example', 'utf8')),
    ...DATA.flatMap(unreadable),
    ...engineProblems(),
  ];
  return problems.length === 0 ? undefined : problems.join('\n');
}

/**
 * Files of data that do not parse; JSON is YAML.
 * @param {string} folder
 * @returns {string[]}
 */
function unreadable(folder) {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return unreadable(path);
    try {
      parse(readFileSync(path, 'utf8'));
      return [];
    } catch (error) {
      return [`${path} does not parse: ${String(error)}`];
    }
  });
}

/** What Docker Compose says, where it is installed: it needs no engine for that. */
function engineProblems() {
  if (spawnSync('docker', ['compose', 'version']).status !== 0) return [];
  const { status, stderr } = spawnSync('docker', ['compose', '--profile', '*', 'config', '--quiet', '--no-interpolate'], {
    encoding: 'utf8',
  });
  return status === 0 ? [] : [`docker compose: ${stderr.trim()}`];
}
