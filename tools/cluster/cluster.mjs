// `npm run cluster`: every service as processes of its own on real servers, and one address before them. What runs of the stack is used,
// what is missing is started; the services end with this command, the servers stay.
import { mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Halt } from '../launch/halt.mjs';
import { serversNamed } from '../stack/server.mjs';
import { up } from '../stack/up.mjs';
import { Member } from './member.mjs';
import { instancesOf, missingServers, plan } from './plan.mjs';
import { openProxy } from './proxy.mjs';

const BAD_USE = 2;
const USAGE = `npm run cluster                      workspaces ×1, events ×2, runtime ×2, gateway ×2
Options: --port N                    where it listens, 4000 when absent; 0: a free port
         --instances gateway=1,…     how many processes of which service
         --installation NAME         another one beside it on the same servers
         --folder F                  of the stack and of the logs, .stack when absent
         --once                      what ends is not started again
         --json                      a line of JSON whenever a process is ready or gone, for programs
Servers whose addresses are in the environment (MILLRACE_NATS_URL …) are used as they are.`;

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '4000' },
    instances: { type: 'string', default: '' },
    installation: { type: 'string', default: '' },
    folder: { type: 'string', default: '.stack' },
    once: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});

process.exitCode = await main();

async function main() {
  const counts = instancesOf(values.instances);
  const port = Number(values.port);
  if (counts === undefined || !Number.isInteger(port) || port < 0) {
    console.error(USAGE);
    return BAD_USE;
  }
  try {
    return await run(counts, port);
  } catch (error) {
    if (!(error instanceof Halt)) throw error;
    console.error(error.message);
    return 1;
  }
}

/**
 * @param {Record<string, number>} counts
 * @param {number} port
 * @returns {Promise<number>} the exit code
 */
async function run(counts, port) {
  const asked = whenAsked();
  const settings = await settingsOf(values.folder);
  /** @type {Member[]} */
  const members = [];
  const proxy = await openProxy({ port, backends: () => members.flatMap(({ planned }) => planned.port ?? []) });
  const url = `http://127.0.0.1:${proxy.port}`;
  const tell = () => values.json && console.log(JSON.stringify({ url, members: members.map(described) }));
  const logs = resolve(values.folder, 'cluster', values.installation);
  rmSync(logs, { recursive: true, force: true });
  mkdirSync(logs, { recursive: true });
  for (const planned of await plan({ counts, settings, url, installation: values.installation })) {
    members.push(new Member(planned, { log: join(logs, `${planned.name}.log`), again: !values.once, onChange: tell }));
  }
  try {
    for (const member of members) member.start();
    const ready = await Promise.race([Promise.all(members.map((member) => member.untilReady())), asked]);
    if (ready !== undefined) welcome(url, members, logs);
    await asked;
  } finally {
    await stop(members);
    await proxy.close();
  }
  return 0;
}

/**
 * What the servers are told by: those of the environment, and the stack's for the others.
 * @param {string} folder
 * @returns {Promise<Record<string, string>>}
 */
async function settingsOf(folder) {
  const own = Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) => (name.startsWith('MILLRACE_') && value !== undefined ? [[name, value]] : [])),
  );
  const missing = missingServers(own);
  if (missing.length === 0) return own;
  const { running, failures } = await up(await serversNamed(missing), { folder, tell: (text) => console.error(text) });
  if (failures.length > 0) throw new Halt(failures.map(({ name, reason }) => `${name} does not run.\n${reason}`).join('\n\n'));
  return Object.assign({}, ...Object.values(running).map((server) => server.settings), own);
}

/** Resolves when somebody wants this to end. */
async function whenAsked() {
  const { promise, resolve: ask } = /** @type {PromiseWithResolvers<void>} */ (Promise.withResolvers());
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => ask());
  await promise;
}

/**
 * The gateways first, so that nobody is let in any more; those whom others ask last.
 * @param {readonly Member[]} members
 */
async function stop(members) {
  for (const service of ['gateway', 'runtime', 'events', 'workspaces']) {
    const of = members.filter(({ planned }) => planned.service === service);
    const codes = await Promise.all(of.map((member) => member.stop()));
    for (const [index, code] of codes.entries()) if (code !== 0) console.error(`${of[index]?.name} ended with ${code}.`);
  }
}

/**
 * @param {string} url
 * @param {readonly Member[]} members
 * @param {string} logs
 */
function welcome(url, members, logs) {
  const lines = members.map(({ name, adminUrl, child }) => `    ${name.padEnd(14)} pid ${child?.pid}   ${adminUrl}/readyz`);
  const said = [
    '',
    `  Millrace listens at ${url}`,
    '',
    ...lines,
    '',
    `  They write to ${logs}. Ctrl-C stops them; the servers stay (npm run stack -- down).`,
  ];
  console.error([...said, ''].join('\n'));
}

/** @param {Member} member */
function described({ name, planned, adminUrl, ready, child }) {
  return { name, service: planned.service, pid: child?.pid, adminUrl, ready };
}
