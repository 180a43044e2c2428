import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort, startChild } from '../product/child.mjs';
import { signIn, startStandalone } from '../product/standalone.mjs';

const SINK = fileURLToPath(new URL('sink.mjs', import.meta.url));
const RAW = fileURLToPath(new URL('raw.mjs', import.meta.url));

/** What the steps fetch from, on the core of the generator: {url, stop()}. */
export async function startSink() {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/`;
  const { stop } = await startChild([SINK, String(port)], { url, core: 1 });
  return { url, stop };
}

/**
 * Standalone with an endpoint whose run fetches from the sink, one after the other, each result in a checkpoint before the next goes out.
 * @param {string} sink
 * @param {number} steps
 */
export async function startOurs(sink, steps) {
  const { hostname } = new URL(sink);
  const standalone = await startStandalone({ env: { MILLRACE_DURABILITY: 'safe', MILLRACE_FETCH_ALLOW: hostname } });
  const call = await signIn(standalone.url);
  const { id } = await call('POST', '/v1/workspaces', { name: 'Bench' });
  await call('PUT', `/v1/workspaces/${id}/automations/steps`, automation(sink, steps));
  await call('POST', `/v1/workspaces/${id}/versions`, {});
  return { ...standalone, url: `${standalone.url}/v1/workspaces/${id}/webhooks/steps` };
}

/**
 * @param {string} sink
 * @param {number} steps
 */
const automation = (sink, steps) => `
when:
  endpoint: { path: steps, methods: [post], access: public }
do:
  - repeat:
      until: ${steps}
      do:
        - fetch: { url: '${sink}', method: post, body: {}, output: answer }
output: '{{answer}}'
`;

/**
 * The raw baseline.
 * @param {string} sink
 * @param {number} steps
 */
export async function startRaw(sink, steps) {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-raw-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/`;
  const args = ['--disable-warning=ExperimentalWarning', RAW, String(port), folder, sink, String(steps)];
  const child = await startChild(args, { url });
  const stop = async () => {
    await child.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  return { url, processorTime: child.processorTime, stop };
}
