import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, startChild } from '../product/child.mjs';

export const NODE_RED = 'bench/peers/node-red/node_modules/node-red/red.js';

const FUNCTION =
  'const who = msg.payload.name; let greeting = "Hello!"; if (who === "Ada") greeting = `Hello, ${who}!`; msg.payload = { message: greeting }; return msg;';

const FLOW = [
  { id: 'f', type: 'tab', label: 'bench' },
  { id: 'in', z: 'f', type: 'http in', url: '/bench', method: 'post', wires: [['fn']] },
  { id: 'fn', z: 'f', type: 'function', func: FUNCTION, outputs: 1, wires: [['out']] },
  { id: 'out', z: 'f', type: 'http response', wires: [] },
  { id: 'alive-in', z: 'f', type: 'http in', url: '/alive', method: 'get', wires: [['alive-out']] },
  { id: 'alive-out', z: 'f', type: 'http response', wires: [] },
];

/** Starts Node-RED with a flow that does what the automation does: {url, processorTime(), stop()}. */
export async function startNodeRed() {
  const folder = mkdtempSync(join(tmpdir(), 'node-red-bench-'));
  const port = await freePort();
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
  writeFileSync(join(folder, 'flows.json'), JSON.stringify(FLOW));
  const url = `http://127.0.0.1:${port}`;
  const args = [NODE_RED, '--userDir', folder, '--settings', join(folder, 'settings.js')];
  const child = await startChild(args, { url: `${url}/alive` });
  const stop = async () => {
    await child.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  return { url: `${url}/bench`, processorTime: child.processorTime, stop };
}
