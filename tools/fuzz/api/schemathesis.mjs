import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Halt } from '../../launch/halt.mjs';
import { readJson } from '../../launch/read-json.mjs';
import { cacheFolder, installed } from '../../stack/installing/cache.mjs';
import { outputOf } from '../../verify/command.mjs';

/** @import { Exchange } from './judge.mjs' */

const REQUIREMENTS = fileURLToPath(new URL('requirements.txt', import.meta.url));
const HOOKS = fileURLToPath(new URL('hooks.py', import.meta.url));
const ADVICE = 'On Debian: `apt-get install python3 python3-venv`.';

/** What it looks for. Which requests must be refused is declared by checks that JSON Schema has no words for, so that is not among them. */
const CHECKS = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
  'unsupported_method',
  'ignored_auth',
];

/**
 * One run of it. `folder`: where it writes; `authorization`: what it signs requests with; `known`: by parameter, values that name something
 * there is; `without`: operations it leaves out.
 * @typedef {{ url: string, seconds: number, seed: number, folder: string, authorization?: string | undefined, known: Record<string, readonly string[]>, without: readonly string[] }} Wish
 */

/** What it tries, one after the other: the examples of the document first, so that a slow machine, too, comes to most operations. */
const PHASES = ['examples', 'coverage', 'fuzzing', 'stateful'];
/** Seconds until a request counts as not answered: longer than any route takes to say so itself, on a machine that has much else to do. */
const UNANSWERED = 90;
/** How often a parameter names something there is. */
const KNOWN_SHARE = 0.7;

/**
 * The Python of an environment that holds schemathesis, made at first use and kept in the cache of the stack.
 * @param {(text: string) => void} tell
 */
export async function schemathesis(tell) {
  if (spawnSync('python3', ['-c', 'import ensurepip, venv']).status !== 0)
    throw new Halt(`The fuzzer needs Python 3.10 or newer. ${ADVICE}`);
  const home = await installed({ name: 'schemathesis', version: pinned(), install }, cacheFolder(), tell);
  return join(home, 'bin', 'python');
}

/**
 * Sends requests of all kinds until the time is over.
 * @param {string} python
 * @param {Wish} wish
 * @returns {Promise<{ found: boolean, output: string, exchanges: Exchange[] }>} `found`: whether it has something to say, in `output`
 */
export async function fuzz(python, { url, seconds, seed, folder, authorization, known, without }) {
  const [settings, report] = [join(folder, 'schemathesis.toml'), join(folder, 'exchanges.json')];
  mkdirSync(folder, { recursive: true });
  writeFileSync(settings, settingsText(known));
  const { code, output } = await outputOf(python, [
    ...['-m', 'schemathesis.cli', '--config-file', settings, 'run', `${url}/openapi.json`],
    ...['--no-color', '--warnings', 'off', '--output-truncate', 'true'],
    ...['--checks', CHECKS.join(','), '--phases', PHASES.join(','), '--continue-on-failure', '--suppress-health-check', 'all'],
    ...['--max-time', String(seconds), '--seed', String(seed), '--request-timeout', String(UNANSWERED), '--generation-database', 'none'],
    ...['--report', 'har', '--report-har-path', report],
    ...(authorization === undefined ? [] : ['--header', `Authorization: ${authorization}`]),
    ...without.flatMap((operation) => ['--exclude-operation-id', operation]),
  ]);
  const { log } = /** @type {{ log: { entries: Exchange[] } }} */ (readJson(report) ?? { log: { entries: [] } });
  return { found: code !== 0, output, exchanges: log.entries };
}

/**
 * Where values come from that lead somewhere: what is drawn at random names nothing there is.
 * @param {Wish['known']} known
 */
function settingsText(known) {
  const names = Object.keys(known);
  return [
    `hooks = ${JSON.stringify(HOOKS)}`,
    ...names.map((name) => `[dictionaries.${name}]\nvalues = ${JSON.stringify(known[name])}`),
    // Which 503 is a service's word to come back, and which a service that is away, is for us to judge.
    '[checks.not_a_server_error]',
    'expected-statuses = ["2xx", "3xx", "4xx", "503"]',
    '[cache]',
    'enabled = false',
    // Each costs a request at every path; of OPTIONS the check says nothing.
    '[phases.coverage]',
    'unexpected-methods = ["PUT", "PATCH", "DELETE", "TRACE"]',
    '[parameters]',
    // A poll that holds is a part of the run in which nothing is asked.
    'wait = 0',
    ...names.map((name) => `${name} = { dictionary = "${name}", probability = ${KNOWN_SHARE} }`),
  ].join('\n');
}

/** @param {{ cache: string, run: import('../../stack/server.mjs').Run }} place */
async function install({ cache, run }) {
  await run('python3', ['-m', 'venv', cache]);
  await run(join(cache, 'bin', 'python'), ['-m', 'pip', 'install', '--quiet', '--no-deps', '--requirement', REQUIREMENTS]);
}

function pinned() {
  const version = /^schemathesis==(.+)$/m.exec(readFileSync(REQUIREMENTS, 'utf8'))?.[1];
  if (version === undefined) throw new Halt('requirements.txt names no version of schemathesis.');
  return version;
}
