import { afterEach, describe, expect, it } from '@jest/globals';
import { LocalServer } from '../testing/local-server';
import { Rehearsal } from '../testing/rehearsal';
import { ScriptedResolver } from '../testing/scripted-resolver';
import type { UndiciFetcherOptions } from '../undici-fetcher';
import { EgressGuard, EgressRefused } from './egress-guard';
import { guardedAgent } from './guarded-agent';

describe('the egress guard', () => {
  const ends: (() => Promise<void>)[] = [];

  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });

  const serve = async (text: string, where: { host?: string; port?: number } = {}): Promise<LocalServer> => {
    const server = await LocalServer.start(
      (response) => response.writeHead(200, { connection: 'close', 'content-type': 'text/plain' }).end(text),
      where,
    );
    ends.push(() => server.stop());
    return server;
  };

  const rehearse = (options: Partial<UndiciFetcherOptions>): Rehearsal => {
    const rehearsal = new Rehearsal(options);
    ends.push(() => rehearsal.fetcher.close());
    return rehearsal;
  };

  // All of 127.0.0.0/8 is this machine; one address of it stands for the internet and another for what is behind the wall.
  const OUTSIDE = '127.0.0.1';
  const INSIDE = '127.0.0.2';

  it('connects to the address it checked, asking for it once', async () => {
    const outside = await serve('outside');
    const inside = await serve('inside', { host: INSIDE, port: outside.port });
    const resolver = new ScriptedResolver([[OUTSIDE], [INSIDE]]);
    const { body } = await rehearse({ allow: [OUTSIDE], resolver }).answer({ url: `http://changes.test:${outside.port}/` });
    expect(body).toBe('outside');
    expect(resolver.asked).toEqual(['changes.test']);
    expect(inside.connections).toBe(0);
  });

  it('checks a name anew for each connection', async () => {
    const outside = await serve('outside');
    const inside = await serve('inside', { host: INSIDE, port: outside.port });
    const rehearsal = rehearse({ allow: [OUTSIDE], resolver: new ScriptedResolver([[OUTSIDE], [INSIDE]]) });
    const url = `http://changes.test:${outside.port}/`;
    expect(await rehearsal.body({ url })).toBe('outside');
    expect(await rehearsal.code({ url })).toBe('runtime.fetch_refused');
    expect(inside.connections).toBe(0);
  });

  it('refuses a name of which a single address is not public', async () => {
    const outside = await serve('outside');
    const resolver = new ScriptedResolver([
      [OUTSIDE, '10.0.0.1'],
      ['::1', OUTSIDE],
    ]);
    const rehearsal = rehearse({ allow: [OUTSIDE], resolver });
    expect(await rehearsal.code({ url: `http://both.test:${outside.port}/` })).toBe('runtime.fetch_refused');
    expect(await rehearsal.code({ url: `http://both.test:${outside.port}/` })).toBe('runtime.fetch_refused');
    expect(outside.connections).toBe(0);
  });

  it('tries all addresses of a name', async () => {
    const outside = await serve('outside');
    const resolver = new ScriptedResolver([[INSIDE, OUTSIDE]]);
    const rehearsal = rehearse({ allow: [OUTSIDE, INSIDE], resolver });
    expect(await rehearsal.body({ url: `http://both.test:${outside.port}/` })).toBe('outside');
  });

  it('says of a name neither its address nor what kind it is', async () => {
    const { message } = await rehearse({ allow: [], resolver: new ScriptedResolver([['10.20.30.40']]) }).error({
      url: 'https://intranet.test/secret?token=abc',
    });
    expect(message).toBe(
      'GET https://intranet.test/secret was not sent: intranet.test leads to an address that is not public. Fetch reaches public addresses over http and https; an operator can list others in MILLRACE_FETCH_ALLOW.',
    );
  });

  it('says nothing of where a redirect leads', async () => {
    const outside = await LocalServer.start((response) => response.writeHead(302, { location: 'http://169.254.169.254/latest' }).end());
    ends.push(() => outside.stop());
    const { message } = await rehearse({ allow: [OUTSIDE] }).error({ url: outside.url });
    expect(message).not.toContain('169.254');
    expect(message).toContain('redirects to a place that fetch may not reach');
  });

  it('lets a listed name lead anywhere, and a metadata host when it is listed by name', async () => {
    const inside = await serve('inside', { host: INSIDE });
    const rehearsal = rehearse({ allow: ['crm.lan', 'metadata.google.internal'], resolver: new ScriptedResolver([[INSIDE]]) });
    expect(await rehearsal.body({ url: `http://crm.lan:${inside.port}/` })).toBe('inside');
    expect(await rehearsal.body({ url: `http://metadata.google.internal:${inside.port}/` })).toBe('inside');
  });

  it('refuses a metadata host whose address alone is listed', async () => {
    const inside = await serve('inside', { host: INSIDE });
    const rehearsal = rehearse({ allow: [INSIDE], resolver: new ScriptedResolver([[INSIDE]]) });
    expect(await rehearsal.code({ url: `http://metadata:${inside.port}/` })).toBe('runtime.fetch_refused');
    expect(inside.connections).toBe(0);
  });

  it('lets the own origin be reached wherever it is, and no other port or name of it', async () => {
    const own = await serve('gateway');
    const other = await serve('other');
    const resolver = new ScriptedResolver([[OUTSIDE]]);
    const named = rehearse({ allow: [], resolver, ownOrigins: [`http://millrace.test:${own.port}/base`] });
    expect(await named.body({ url: `http://millrace.test:${own.port}/v1` })).toBe('gateway');
    expect(await named.code({ url: `http://millrace.test:${other.port}/` })).toBe('runtime.fetch_refused');
    expect(await named.code({ url: `http://other.test:${own.port}/` })).toBe('runtime.fetch_refused');
    expect(await named.code({ url: `http://${OUTSIDE}:${own.port}/` })).toBe('runtime.fetch_refused');
    expect(await rehearse({ allow: [], ownOrigins: [own.url] }).body({ url: own.url })).toBe('gateway');
    expect(other.connections).toBe(0);
  });

  it('knows its own origin when that is an address of IPv6', async () => {
    const refused = await rehearse({ allow: [], ownOrigins: ['http://[::1]:1'] }).error({ url: 'http://[::1]:1/' });
    expect(refused.code).toBe('runtime.fetch_unreachable');
  });

  it('takes a name without addresses for one that is not known', async () => {
    const { code, message } = await rehearse({ resolver: new ScriptedResolver([[]]) }).error({ url: 'http://nowhere.test/' });
    expect([code, message.includes('no such host is known')]).toEqual(['runtime.fetch_unreachable', true]);
  });

  it('stands at the connection, whoever asks for one', async () => {
    const inside = await serve('inside');
    const guard = new EgressGuard({ allow: [], resolver: new ScriptedResolver([[OUTSIDE]]) });
    const agent = guardedAgent(guard);
    ends.push(() => agent.destroy());
    for (const host of [OUTSIDE, 'name.test', 'metadata']) {
      const asked = agent.request({ origin: `http://${host}:${inside.port}`, path: '/', method: 'GET' });
      await expect(asked).rejects.toThrow(EgressRefused);
    }
    expect(inside.connections).toBe(0);
  });

  it('asks the machine for names when nobody else is named', async () => {
    const server = await serve('here');
    expect(await rehearse({ allow: ['localhost'] }).body({ url: `http://localhost:${server.port}/` })).toBe('here');
  });
});
