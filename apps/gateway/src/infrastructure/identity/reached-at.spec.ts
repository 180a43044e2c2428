import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { reachedAt } from './reached-at';

const ISSUER = 'https://login.test/realms/millrace';

describe('a provider at two addresses', () => {
  it('is asked where this machine reaches it', async () => {
    const server = createServer((request, answer) => answer.end(request.url)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const ask = reachedAt(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, ISSUER);
    const answer = await ask?.(`${ISSUER}/token?a=b`, { method: 'GET', headers: {}, body: null, redirect: 'manual' });
    expect(await answer?.text()).toBe('/realms/millrace/token?a=b');
    server.closeAllConnections();
    server.close();
  });

  it('is asked as it is where both are one', () => {
    expect(reachedAt('https://login.test', ISSUER)).toBeUndefined();
  });
});
