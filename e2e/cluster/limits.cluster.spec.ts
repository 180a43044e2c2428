import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ClusterProcess, passwordToken, temporaryFolder } from '@millrace/testing';

const READS = 200;
const CREDENTIALS = 6;
const AT_ONCE = 20;

const folder = temporaryFolder();
let cluster: ClusterProcess;
let authorization: string;

beforeAll(async () => {
  const file = join(folder.path, 'gateway.yaml');
  writeFileSync(file, `overload: { late: 1h }\nlimits: { read: ${READS}/h, credential: ${CREDENTIALS}/h }`);
  cluster = await ClusterProcess.start({ environment: { MILLRACE_GATEWAY_FILE: file } });
  const { MILLRACE_ISSUER_URL: issuer = '', MILLRACE_FIRST_PASSWORD: password = '' } = cluster.settings;
  authorization = `Bearer ${await passwordToken(issuer, 'ada', password)}`;
});

afterAll(async () => {
  await cluster[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

/** How many of so many requests, some at a time, each over a connection of its own and so by turns at either gateway, got which status. */
async function statuses(count: number, path: string, posted?: object): Promise<Record<number, number>> {
  const init = posted === undefined ? {} : { method: 'POST', body: JSON.stringify(posted) };
  const counts: Record<number, number> = {};
  let left = count;
  const caller = async (): Promise<void> => {
    while (left-- > 0) {
      const headers = { authorization, connection: 'close', ...(posted && { 'content-type': 'application/json' }) };
      const answer = await fetch(`${cluster.url}${path}`, { ...init, headers });
      await answer.body?.cancel();
      counts[answer.status] = (counts[answer.status] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, caller));
  return counts;
}

describe('limits over two gateways', () => {
  it('hold together within 5 %', async () => {
    let passed = 0;
    // In a burst each gateway holds back what another may be giving away: some are let in a moment later.
    for (let more = 1; more > 0; passed += more) more = (await statuses(2 * READS, '/v1/workspaces'))[200] ?? 0;
    expect(passed).toBeGreaterThanOrEqual(READS * 0.95);
    expect(passed).toBeLessThanOrEqual(READS * 1.05);
  });

  it('hold exactly for what is counted strictly', async () => {
    const counts = await statuses(5 * CREDENTIALS, '/v1/me/tokens', { name: 'one of many', scopes: ['read:me'] });
    expect(counts).toEqual({ 201: CREDENTIALS, 429: 4 * CREDENTIALS });
  });
});
