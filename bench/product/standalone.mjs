import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SERVICE } from '../../tools/launch/service.mjs';
import { freePort, startChild } from './child.mjs';

/**
 * Starts standalone in a folder of its own: {url, data, milliseconds, rss(), processorTime(), stop()}.
 * @param {{ env?: Record<string, string>, args?: string[] }} options more of its environment, and arguments of node
 */
export async function startStandalone({ env: more = {}, args = [] } = {}) {
  const data = mkdtempSync(join(tmpdir(), 'millrace-bench-'));
  const [port, admin] = [await freePort(), await freePort()];
  const url = `http://127.0.0.1:${port}`;
  const env = {
    MILLRACE_PORT: String(port),
    MILLRACE_ADMIN_PORT: String(admin),
    MILLRACE_DATA: data,
    MILLRACE_PUBLIC_URL: url,
    MILLRACE_FIRST_PASSWORD: 'bench-only-password',
    MILLRACE_GATEWAY_FILE: 'libs/testing/no-limits.yaml',
    // All consumers of a bench are one person's.
    MILLRACE_LIVE_SOCKETS_PER_USER: '100000',
    MILLRACE_LIVE_SUBSCRIPTIONS_PER_USER: '1000000',
    MILLRACE_LIVE_SOCKETS_PER_WORKSPACE: '100000',
    MILLRACE_LIVE_SUBSCRIPTIONS_PER_SOCKET: '10000',
    NODE_ENV: 'production',
    ...more,
  };
  const words = [...SERVICE, ...args, 'dist/apps/standalone/main.js'];
  const child = await startChild(words, { env, url: `${url}/healthz` });
  return {
    url,
    data,
    milliseconds: child.milliseconds,
    processorTime: child.processorTime,
    rss: () => residentMegabytes(child.pid),
    stop: async () => {
      await child.stop();
      rmSync(data, { recursive: true, force: true });
    },
  };
}

/**
 * Resident memory of a process in MB, as the kernel says.
 * @param {number} pid
 */
export function residentMegabytes(pid) {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '0';
  return Math.round(Number(kilobytes) / 1024);
}

/**
 * A token of the demo user.
 * @param {string} url
 * @returns {Promise<string>}
 */
export async function tokenOf(url) {
  const form = new URLSearchParams({
    grant_type: 'password',
    client_id: 'millrace-cli',
    username: 'ada',
    password: 'bench-only-password',
    scope: 'openid',
  });
  const answer = await fetch(`${url}/realms/millrace/protocol/openid-connect/token`, { method: 'POST', body: form });
  return /** @type {{ access_token: string }} */ (await answer.json()).access_token;
}

/**
 * A caller signed in as the demo user; it answers the JSON of the answer.
 * @param {string} url
 */
export async function signIn(url) {
  const token = await tokenOf(url);
  return async (/** @type {string} */ method, /** @type {string} */ path, /** @type {unknown} */ body) => {
    const type = typeof body === 'string' ? 'application/yaml' : 'application/json';
    const response = await fetch(url + path, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'content-type': type }) },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === '' ? {} : JSON.parse(text);
  };
}
