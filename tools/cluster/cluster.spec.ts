import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { instancesOf, missingServers, plan } from './plan.mjs';
import { openProxy } from './proxy.mjs';

const closing: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

async function backend(name: string): Promise<{ readonly port: number; readonly server: Server }> {
  const server = createServer((_, response) => response.end(name)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => void server.close());
  return { server, port: (server.address() as AddressInfo).port };
}

async function proxy(...ports: readonly number[]): Promise<string> {
  const opened = await openProxy({ port: 0, backends: () => ports });
  closing.push(opened.close);
  return `http://127.0.0.1:${opened.port}/`;
}

const ask = async (url: string): Promise<string> => (await fetch(url, { headers: { connection: 'close' } })).text();

describe('the one address before the gateways', () => {
  it('gives each connection to the next one', async () => {
    const url = await proxy((await backend('one')).port, (await backend('two')).port);
    const answers = [await ask(url), await ask(url), await ask(url), await ask(url)];
    expect(answers.toSorted()).toEqual(['one', 'one', 'two', 'two']);
  });

  it('passes over one that does not take it', async () => {
    const gone = await backend('gone');
    gone.server.close();
    await once(gone.server, 'close');
    const url = await proxy(gone.port, (await backend('there')).port);
    expect([await ask(url), await ask(url)]).toEqual(['there', 'there']);
  });

  it('says that nobody answers', async () => {
    const response = await fetch(await proxy());
    expect([response.status, await response.json()]).toEqual([503, expect.objectContaining({ code: 'cluster.no_gateway' })]);
  });
});

describe('the plan of a cluster', () => {
  const settings = {
    MILLRACE_NATS_URL: 'nats://127.0.0.1:4222',
    MILLRACE_NATS_EVENTS_PASSWORD: 'of events',
    MILLRACE_NATS_GATEWAY_PASSWORD: 'of the gateway',
    MILLRACE_NATS_SETUP_PASSWORD: 'of setup',
    MILLRACE_KEYCLOAK_ADMIN_PASSWORD: 'of nobody here',
  };
  const wanted = { settings, url: 'http://127.0.0.1:4000', installation: 'mine' };

  it('has as many processes as are asked for', () => {
    expect(instancesOf('runtime=3,gateway=1')).toEqual({ workspaces: 1, events: 2, runtime: 3, gateway: 1 });
    expect(instancesOf('')).toEqual({ workspaces: 1, events: 2, runtime: 2, gateway: 2 });
    expect([instancesOf('registry=1'), instancesOf('runtime=many')]).toEqual([undefined, undefined]);
  });

  it('tells each service its own NATS user, and one process the user that prepares the servers', async () => {
    const planned = await plan({ ...wanted, counts: { events: 2, gateway: 1 } });
    const secrets = planned.map(({ name, env }) => [
      name,
      env['MILLRACE_NATS_USER'],
      env['MILLRACE_NATS_PASSWORD'],
      env['MILLRACE_NATS_SETUP_USER'],
    ]);
    expect(secrets).toEqual([
      ['events-1', 'events', 'of events', 'setup'],
      ['events-2', 'events', 'of events', undefined],
      ['gateway-1', 'gateway', 'of the gateway', undefined],
    ]);
    expect(JSON.stringify(planned)).not.toContain('of nobody here');
  });

  it('asks for a small log, unless somebody wants another', async () => {
    const capacities = async (more: Record<string, string>): Promise<unknown[]> => {
      const planned = await plan({ ...wanted, settings: { ...settings, ...more }, counts: { events: 1, gateway: 1 } });
      return planned.map(({ env }) => env['MILLRACE_LOG_CAPACITY']);
    };
    expect(await capacities({})).toEqual(['4294967296', '4294967296']);
    expect(await capacities({ MILLRACE_LOG_CAPACITY: '1048576' })).toEqual(['1048576', '1048576']);
  });

  it('starts the servers whose addresses nobody gave', () => {
    expect(missingServers({ MILLRACE_NATS_URL: 'nats://x', MILLRACE_S3_URL: 'http://x' })).toEqual([
      'mongodb',
      'elasticsearch',
      'keycloak',
    ]);
  });
});
