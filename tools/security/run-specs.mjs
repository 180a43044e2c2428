import { existsSync, rmSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { JEST } from '../launch/jest.mjs';
import { readJson } from '../launch/read-json.mjs';
import { outputOf } from '../verify/command.mjs';
import { serversNamed } from '../stack/server.mjs';
import { runs } from '../stack/running/processes.mjs';
import { State } from '../stack/running/state.mjs';
import { up } from '../stack/up.mjs';
import { ADVISORIES, knownWeaknesses } from './supply-chain/advisories.mjs';

/** @typedef {import('./verdict.mjs').Outcome} Outcome */
/** @typedef {{ fullName: string, status: string }} Test */
/** @typedef {{ testResults: { name: string, message: string, assertionResults: Test[] }[] }} JestAnswer */

const ANSWER = '.cache/security.json';
const STACK = '.stack';
/** Where specs measure how long something takes beside something else: nothing else of ours runs then. */
const TIMING = 'e2e/security/timing/';
const NOT_UP = 'not run: it needs all servers, and they are not up here (`npm run stack -- up`)';

/**
 * Runs the specs that exist, and asks for weaknesses of packages, and says what became of each. Those about a real server get NATS; those of the
 * whole product on servers are run where all servers are up already: to bring them up takes longer than everything else here.
 * @param {readonly string[]} specs
 * @returns {Promise<Map<string, Outcome>>}
 */
export async function runSpecs(specs) {
  const there = [...new Set(specs)].filter((spec) => existsSync(spec));
  const onServers = there.filter((spec) => spec.endsWith('.cluster.spec.ts'));
  const alone = there.filter((spec) => !onServers.includes(spec));
  const [timed, others] = [alone.filter((spec) => spec.startsWith(TIMING)), alone.filter((spec) => !spec.startsWith(TIMING))];
  const [whole, ofOne] = [onServers.filter((spec) => spec.startsWith('e2e/')), onServers.filter((spec) => !spec.startsWith('e2e/'))];
  const found = new Map([
    ...(await outcomes(others, [])),
    ...(await outcomes(timed, ['--runInBand'])),
    ...(await withServers(ofOne, ['nats'])),
    ...(await whereAllAreUp(whole)),
  ]);
  return specs.includes(ADVISORIES) ? found.set(ADVISORIES, await knownWeaknesses()) : found;
}

/** @param {readonly string[]} specs */
async function whereAllAreUp(specs) {
  const servers = await serversNamed([]);
  const now = new State(resolve(STACK)).running();
  const areUp = servers.every(({ name }) => now[name]?.ready === true && runs(now[name]));
  if (areUp) return withServers(specs, []);
  return specs.map((spec) => /** @type {const} */ ([spec, { absent: NOT_UP, tests: [] }]));
}

/**
 * @param {readonly string[]} specs
 * @param {string[]} servers that they need; none: all of them
 */
async function withServers(specs, servers) {
  if (specs.length === 0) return [];
  const { running, failures } = await up(await serversNamed(servers), { folder: STACK });
  const [failure] = failures;
  if (failure !== undefined) return specs.map((spec) => /** @type {const} */ ([spec, { problem: failure.reason, tests: [] }]));
  for (const { settings } of Object.values(running)) Object.assign(process.env, settings);
  return outcomes(specs, ['--config', 'jest.cluster.config.mjs']);
}

/**
 * @param {readonly string[]} specs
 * @param {readonly string[]} options of jest
 * @returns {Promise<(readonly [string, Outcome])[]>}
 */
async function outcomes(specs, options) {
  rmSync(ANSWER, { force: true });
  const { output } = await outputOf(process.execPath, [
    ...[...JEST, ...options, '--coverage=false', '--json', `--outputFile=${ANSWER}`, '--runTestsByPath'],
    ...specs,
  ]);
  const answer = /** @type {JestAnswer | undefined} */ (readJson(ANSWER));
  if (answer === undefined) return specs.map((spec) => [spec, { problem: tailOf(output), tests: [] }]);
  for (const { message } of answer.testResults) if (message !== '') console.log(message);
  const byName = new Map(answer.testResults.map((result) => [relative(process.cwd(), result.name), result]));
  return specs.map((spec) => [spec, outcomeOf(byName.get(spec))]);
}

/**
 * @param {JestAnswer['testResults'][number] | undefined} result
 * @returns {Outcome}
 */
function outcomeOf(result) {
  if (result === undefined) return { problem: 'jest left it out', tests: [] };
  const tests = result.assertionResults.map(({ fullName, status }) => ({ name: fullName, status }));
  return tests.length === 0 ? { problem: tailOf(result.message) || 'it holds no test', tests } : { tests };
}

/** @param {string} text */
function tailOf(text) {
  return text.trimEnd().split('\n').slice(-5).join(' ').trim();
}
