import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Halt } from '../../launch/halt.mjs';
import { Ledger } from '../ledger.mjs';
import { post } from '../post.mjs';
import { publish } from '../publish.mjs';
import { breachesOf, tableOf } from '../table.mjs';
import { isBroken, verdict } from '../verdict.mjs';
import { StandaloneVictim } from '../victims/standalone.mjs';
import { acknowledgements } from './trace.mjs';

const CALLS = 'trace=write,writev,sendto,pwrite64,fsync,fdatasync';
const EVENTS = 100;

/**
 * Looks over the shoulder of a Millrace, with strace, whether the log was on the disk each time it said that it has an event. In `fast` it must
 * not have been, or we could not tell.
 * @param {import('../chaos.mjs').Plan} plan
 * @returns {Promise<number>} the exit code
 */
export async function run({ seed }) {
  console.log(`chaos safe   seed ${seed}   ${EVENTS} events one by one, in each durability`);
  const [safe, fast] = [await traced('safe', seed), await traced('fast', seed)];
  const open = safe.filter(({ synced }) => !synced).map(({ line }) => `line ${line} of the trace`);
  const verdicts = [
    verdict('acknowledgements in `safe` before the log was on the disk', open),
    verdict('acknowledgements in `safe` that were not seen', safe.length === EVENTS ? [] : [`${safe.length} of ${EVENTS} were`]),
    verdict('`fast` not told from `safe`', fast.some(({ synced }) => !synced) ? [] : ['each acknowledgement of `fast` was synced, too']),
  ];
  console.log(tableOf(verdicts));
  if (!verdicts.some(isBroken)) return 0;
  console.log(breachesOf(verdicts));
  return 1;
}

/**
 * The acknowledgements of a Millrace of this durability.
 * @param {string} durability
 * @param {number} seed
 */
async function traced(durability, seed) {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-chaos-'));
  const victim = await StandaloneVictim.start(join(folder, 'data'), { environment: { MILLRACE_DURABILITY: durability } });
  try {
    const ledger = new Ledger(join(folder, 'ledger.ndjson'));
    const workspace = await publish(victim, 'Mill', {});
    const send = (/** @type {number} */ n) =>
      post({ victim, ledger }, workspace, [{ id: `e-${seed}-${n}`, type: 'chaos.told', payload: { n } }]);
    await send(EVENTS);
    const stop = await watched(victim.process.pid, join(folder, 'trace'));
    for (let n = 0; n < EVENTS; n++) if ((await send(n)) !== 'ok') throw new Error(`Event ${n} was not taken.`);
    await stop();
    return acknowledgements(readFileSync(join(folder, 'trace'), 'utf8'), (file) => file.endsWith('/log.db-wal'));
  } finally {
    await victim.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Writes what a process does to a file, from when this resolves; answers how to stop.
 * @param {number} pid
 * @param {string} file
 */
async function watched(pid, file) {
  const strace = spawn('strace', ['-f', '-y', '-s', '24', '-e', CALLS, '-o', file, '-p', String(pid)], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const gone = once(strace, 'close').catch(() => undefined);
  let said = '';
  await new Promise((resolve, reject) => {
    const refuse = () => reject(new Halt(`The acknowledgements can be seen with strace alone, by who may trace a process. ${said}`));
    strace.stderr.on('data', (/** @type {Buffer} */ text) => {
      said += text.toString();
      if (said.includes('attached')) resolve(undefined);
    });
    strace.once('error', refuse).once('exit', refuse);
  });
  return async () => {
    strace.kill('SIGINT');
    await gone;
  };
}
