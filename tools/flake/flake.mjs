// `npm run flake -- FILE… [--times 50] [--busy 2] [--servers=nats,…]`: runs specs again and again while the processors are busy, and says how often
// they failed. What failed is printed when it does. Ends with 1 when anything did.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { exitCode } from '../launch/run.mjs';
import { JEST } from '../launch/jest.mjs';
import { down } from '../stack/down.mjs';
import { serversNamed } from '../stack/server.mjs';
import { up } from '../stack/up.mjs';

const FOLDER = '.stack';
const CLUSTER = /\.cluster\.spec\b/;
const BURN = 'for (;;);';

const { values, positionals: files } = parseArgs({
  allowPositionals: true,
  options: { times: { type: 'string', default: '50' }, busy: { type: 'string' }, servers: { type: 'string', default: '' } },
});
const times = Number(values.times);
const burners = Number(values.busy ?? availableParallelism());
if (files.length === 0 || !Number.isInteger(times) || times < 1 || !Number.isInteger(burners) || burners < 0) {
  console.error('Say which: npm run flake -- FILE… [--times 50] [--busy 2] [--servers=nats,mongodb]');
  process.exit(2);
}
process.exitCode = files.some((file) => CLUSTER.test(file)) ? await onStack() : await again({});

async function onStack() {
  const named = await serversNamed(values.servers.split(',').filter((name) => name !== ''));
  try {
    const { running, failures } = await up(named, { folder: FOLDER, tell: (text) => console.error(text) });
    for (const { name, reason } of failures) console.error(`\n${name} does not run.\n${reason}\n`);
    if (failures.length > 0) return 1;
    return await again(Object.assign({}, ...Object.values(running).map(({ settings }) => settings)), 'jest.cluster.config.mjs');
  } finally {
    await down([], { folder: FOLDER });
  }
}

/**
 * @param {Record<string, string>} settings
 * @param {string} [config]
 */
async function again(settings, config) {
  const busy = Array.from({ length: burners }, () => spawn(process.execPath, ['--eval', BURN], { stdio: 'ignore' }));
  const args = [...JEST, '--coverage=false', '--runInBand', ...(config === undefined ? [] : ['--config', config]), ...files];
  let failed = 0;
  try {
    for (let nth = 1; nth <= times; nth++) {
      const { code, said } = await finished(args, settings);
      if (code !== 0) {
        failed += 1;
        console.log(said);
      }
      console.log(`${nth} of ${times}: ${code === 0 ? 'passed' : 'FAILED'}`);
    }
  } finally {
    for (const burner of busy) burner.kill('SIGKILL');
  }
  console.log(`${failed} of ${times} failed`);
  return failed === 0 ? 0 : 1;
}

/**
 * @param {string[]} args
 * @param {Record<string, string>} settings
 */
async function finished(args, settings) {
  const child = spawn(process.execPath, args, { env: { ...process.env, ...settings }, stdio: ['ignore', 'pipe', 'pipe'] });
  /** @type {string[]} */
  const said = [];
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (/** @type {string} */ text) => said.push(text));
  const [code, signal] = /** @type {[number | null, NodeJS.Signals | null]} */ (await once(child, 'close'));
  return { code: exitCode(code, signal), said: said.join('') };
}
