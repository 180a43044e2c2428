// Callers over HTTP, a process of their own that costs next to nothing: `{url, token, pace}` as the argument, their latency as one line of JSON.
import { Lines } from './lines.mjs';
import { paced } from './paced.mjs';

/** Seconds for which they call before anything counts: what is slow then is this process, which has just begun. */
const WARM_UP = 3;

/** @type {{ url: string, token: string, pace: import('./paced.mjs').Pace }} */
const { url, token, pace } = JSON.parse(process.argv[2] ?? '{}');
const { host } = new URL(url);
const lines = new Lines(url, `GET /v1/me HTTP/1.1\r\nhost: ${host}\r\nauthorization: Bearer ${token}\r\n\r\n`);
await lines.open(pace.callers);

const call = async () => {
  const status = await lines.send();
  if (status !== 200) throw new Error(`GET /v1/me: ${status}`);
};
await paced({ ...pace, seconds: WARM_UP }, call);
const latency = await paced(pace, call);
lines.close();
console.log(JSON.stringify(latency));
