import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createSecureServer } from 'node:http2';
import type { Http2SecureServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { LocalServer } from '../testing/local-server';
import { Rehearsal } from '../testing/rehearsal';
import { ScriptedResolver } from '../testing/scripted-resolver';
import { selfSigned } from '../testing/self-signed';

describe('fetch over TLS', () => {
  const authorities = getCACertificates('default');
  const rehearsals: Rehearsal[] = [];
  const asked: string[] = [];
  let server: Http2SecureServer;
  let port = 0;

  const rehearse = (): Rehearsal => {
    const rehearsal = new Rehearsal({ resolver: new ScriptedResolver([['127.0.0.1']]) });
    rehearsals.push(rehearsal);
    return rehearsal;
  };

  beforeAll(async () => {
    const identity = selfSigned('secure.test');
    setDefaultCACertificates([...authorities, identity.cert]);
    server = createSecureServer({ ...identity, allowHTTP1: true }, (request, response) => {
      const { servername } = request.socket as unknown as { servername: string };
      asked.push(`${servername} ${request.httpVersion}`);
      request.resume().on('end', () => {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ path: request.url }));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    port = (server.address() as AddressInfo).port;
  });

  afterAll(async () => {
    await Promise.all(rehearsals.map(({ fetcher }) => fetcher.close()));
    setDefaultCACertificates(authorities);
    await new Promise((resolve) => server.close(resolve));
  });

  it('goes to the checked address under the name the certificate has', async () => {
    expect(await rehearse().body({ url: `https://secure.test:${port}/a?b=c` })).toEqual({ path: '/a?b=c' });
    expect(asked[0]).toMatch(/^secure\.test /);
  });

  it('sends many requests at once', async () => {
    const rehearsal = rehearse();
    const bodies = await Promise.all(
      ['/1', '/2', '/3', '/4'].map((path) => rehearsal.body({ url: `https://secure.test:${port}${path}`, method: 'post', body: { path } })),
    );
    expect(bodies).toEqual([{ path: '/1' }, { path: '/2' }, { path: '/3' }, { path: '/4' }]);
  });

  it('refuses a host whose certificate is for another', async () => {
    const { code, message } = await rehearse().error({ url: `https://other.test:${port}/` });
    expect([code, message.includes('the certificate of the host is not trusted')]).toEqual(['runtime.fetch_unreachable', true]);
  });

  it('refuses a host whose certificate nobody vouches for', async () => {
    setDefaultCACertificates(authorities);
    const { message } = await rehearse().error({ url: `https://secure.test:${port}/` });
    expect(message).toContain('the certificate of the host is not trusted');
  });

  it('says that a host speaks no TLS', async () => {
    const plain = await LocalServer.start((response) => response.end());
    const { message } = await rehearse().error({ url: `https://secure.test:${plain.port}/` });
    await plain.stop();
    expect(message).toContain('the host does not speak TLS as fetch does');
  });
});
