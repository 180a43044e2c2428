// An endpoint with three instructions, closed loop, against Node-RED's http in → function → http response in the same run (quality.md B2).
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load } from '../load/run-load.mjs';
import { freePort, startChild } from '../product/child.mjs';
import { signIn, startStandalone } from '../product/standalone.mjs';

const ROUNDS = 5;
const IN_FLIGHT = 16;
const SECONDS = 4;
const NODE_RED = 'bench/peers/node-red/node_modules/node-red/red.js';
const BODY = JSON.stringify({ name: 'Ada', padding: 'x'.repeat(980) });

const AUTOMATION = `
when:
  endpoint: { path: bench, methods: [post], access: public }
do:
  - set: { name: who, value: '{{body.name}}' }
  - conditions:
      '{{who}} == "Ada"':
        - set: { name: greeting, value: 'Hello, {{who}}!' }
      default:
        - set: { name: greeting, value: Hello! }
output: { message: '{{greeting}}' }
`;

const FLOW = [
  { id: 'f', type: 'tab', label: 'bench' },
  { id: 'in', z: 'f', type: 'http in', url: '/bench', method: 'post', wires: [['fn']] },
  {
    id: 'fn',
    z: 'f',
    type: 'function',
    func: 'const who = msg.payload.name; let greeting = "Hello!"; if (who === "Ada") greeting = `Hello, ${who}!`; msg.payload = { message: greeting }; return msg;',
    outputs: 1,
    wires: [['out']],
  },
  { id: 'out', z: 'f', type: 'http response', wires: [] },
];

async function startNodeRed() {
  const folder = mkdtempSync(join(tmpdir(), 'node-red-bench-'));
  const port = await freePort();
  writeFileSync(join(folder, 'flows.json'), JSON.stringify(FLOW));
  const settings = {
    uiPort: port,
    uiHost: '127.0.0.1',
    flowFile: 'flows.json',
    disableEditor: true,
    telemetry: { enabled: false },
    logging: {},
  };
  writeFileSync(join(folder, 'settings.js'), `module.exports = ${JSON.stringify(settings)};`);
  writeFileSync(join(folder, 'package.json'), '{"name":"bench","version":"1.0.0"}');
  const url = `http://127.0.0.1:${port}`;
  const alive = { id: 'alive-in', z: 'f', type: 'http in', url: '/alive', method: 'get', wires: [['alive-out']] };
  writeFileSync(
    join(folder, 'flows.json'),
    JSON.stringify([...FLOW, alive, { id: 'alive-out', z: 'f', type: 'http response', wires: [] }]),
  );
  const child = await startChild([NODE_RED, '--userDir', folder, '--settings', join(folder, 'settings.js')], { url: `${url}/alive` });
  return {
    url: `${url}/bench`,
    stop: async () => {
      await child.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function startOurs() {
  const standalone = await startStandalone();
  const call = await signIn(standalone.url);
  const { id } = await call('POST', '/v1/workspaces', { name: 'Bench' });
  await call('PUT', `/v1/workspaces/${id}/automations/bench`, AUTOMATION);
  await call('POST', `/v1/workspaces/${id}/versions`, {});
  return { url: `${standalone.url}/v1/workspaces/${id}/webhooks/bench`, stop: standalone.stop };
}

const measure = (/** @type {string} */ url, /** @type {number} */ seconds) =>
  load({
    url,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: BODY,
    inFlight: IN_FLIGHT,
    seconds,
    status: 200,
    includes: 'Hello, Ada!',
  });

if (!existsSync(NODE_RED)) {
  console.error('The peer is not installed: npm ci --ignore-scripts --prefix bench/peers/node-red');
  process.exit(1);
}
const [ours, peer] = [await startOurs(), await startNodeRed()];
try {
  await measure(ours.url, 3);
  await measure(peer.url, 3);
  /** @type {{ ours: import("../load/run-load.mjs").Load, peer: import("../load/run-load.mjs").Load }[]} */
  const rounds = [];
  for (let round = 0; round < ROUNDS; round++)
    rounds.push({ ours: await measure(ours.url, SECONDS), peer: await measure(peer.url, SECONDS) });
  const median = (/** @type {number[]} */ values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
  const ratios = rounds.map((round) => round.ours.perSecond / round.peer.perSecond);
  const row = (/** @type {'ours' | 'peer'} */ side) => {
    const results = rounds.map((round) => round[side]);
    const of = (/** @type {'perSecond' | 'p50' | 'p99'} */ key) => median(results.map((result) => result[key]));
    return `${of('perSecond')}/s  p50 ${of('p50')} ms  p99 ${of('p99')} ms`;
  };
  console.log(`bench webhook   node ${process.versions.node}   ${IN_FLIGHT} in flight, ${ROUNDS} rounds of ${SECONDS} s, medians`);
  console.log(` ours (run record kept, fsync)   ${row('ours')}`);
  console.log(` node-red (keeps nothing)        ${row('peer')}`);
  const range = `[${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)}]`;
  console.log(` ratio ${median(ratios).toFixed(2)} ${range}   a first figure: its bar comes with the runs`);
} finally {
  await ours.stop();
  await peer.stop();
}
