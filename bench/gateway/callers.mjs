// Callers over HTTP, a process of their own: `{url, token, pace}` as the argument, their latency as one line of JSON.
import { Pool } from 'undici';
import { paced } from './paced.mjs';

/** @type {{ url: string, token: string, pace: import('./paced.mjs').Pace }} */
const { url, token, pace } = JSON.parse(process.argv[2] ?? '{}');
const pool = new Pool(url, { connections: pace.callers, pipelining: 1 });
const headers = { authorization: `Bearer ${token}` };

const latency = await paced(pace, async () => {
  const { statusCode, body } = await pool.request({ method: 'GET', path: '/v1/me', headers });
  const text = await body.text();
  if (statusCode !== 200 || !text.includes('"user"')) throw new Error(`GET /v1/me: ${statusCode} ${text}`);
});
await pool.close();
console.log(JSON.stringify(latency));
