import { afterEach, describe, expect, it } from '@jest/globals';
import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { LocalServer } from './testing/local-server';
import type { Answering } from './testing/local-server';
import { Rehearsal } from './testing/rehearsal';
import type { UndiciFetcherOptions } from './undici-fetcher';

const ends: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function serve(answer: Answering): Promise<LocalServer> {
  const server = await LocalServer.start(answer);
  ends.push(() => server.stop());
  return server;
}

/** A server that gives these statuses one after the other, the last for ever. */
function serveStatuses(...statuses: readonly (readonly [number, Record<string, string>?])[]): Promise<LocalServer> {
  let next = 0;
  return serve((response) => {
    const [status, headers] = statuses[Math.min(next++, statuses.length - 1)] ?? [500];
    response.writeHead(status, { 'content-type': 'text/plain', ...headers }).end(`answer ${next}`);
  });
}

function rehearse(options: Partial<UndiciFetcherOptions> = {}): Rehearsal {
  const rehearsal = new Rehearsal(options);
  ends.push(() => rehearsal.fetcher.close());
  return rehearsal;
}

const json = (response: ServerResponse, value: unknown): void => {
  response.writeHead(200, { 'Content-Type': 'application/json', 'X-Page': '1' }).end(JSON.stringify(value));
};

describe('a fetch', () => {
  it('gives status, headers in lower case and the body', async () => {
    const server = await serve((response) => json(response, { id: 7 }));
    const answer = await rehearse().answer({ url: `${server.url}/orders`, query: { page: [1, 2] } });
    expect(answer).toMatchObject({ status: 200, headers: { 'content-type': 'application/json', 'x-page': '1' }, body: { id: 7 } });
    expect(server.seen).toMatchObject([{ method: 'GET', url: '/orders?page=1&page=2', headers: { 'user-agent': 'Millrace' } }]);
  });

  it('sends method, headers, body, key and trace', async () => {
    const server = await serve((response) => json(response, null));
    await rehearse().answer(
      { url: server.url, method: 'post', headers: { 'X-A': 'b' }, body: { c: 'd' }, auth: { bearer: 'token' } },
      { traceparent: '00-1-2-01' },
    );
    expect(server.seen).toMatchObject([
      {
        method: 'POST',
        body: '{"c":"d"}',
        headers: {
          'x-a': 'b',
          'content-type': 'application/json',
          'content-length': '9',
          authorization: 'Bearer token',
          'idempotency-key': 'run_1/2',
          traceparent: '00-1-2-01',
        },
      },
    ]);
  });

  it('tells our own gateway, and nobody else, how many automations led there, whatever the author writes', async () => {
    const server = await serve((response) => json(response, null));
    const other = await serve((response) => json(response, null));
    const ours = rehearse({ ownOrigins: [server.url] });
    const headers = { 'X-Automation-Depth': '0' };
    await ours.answer({ url: `${server.url}/e/hotel/go`, headers }, { depth: 4 });
    await ours.answer({ url: server.url });
    await ours.answer({ url: other.url }, { depth: 4 });
    expect(server.seen.map((one) => one.headers['x-automation-depth'])).toEqual(['4', '0']);
    expect(other.seen[0]?.headers).not.toHaveProperty('x-automation-depth');
  });

  it('tells our own gateway so when others lead there, and does not tell others to whom it leads', async () => {
    const server = await serve((response) => json(response, null));
    const away = await serve((response) => json(response, null));
    const other = await serve((response) => void response.writeHead(302, { location: `${server.url}/e/hotel/go` }).end());
    const leading = await serve((response) => void response.writeHead(307, { location: `${away.url}/` }).end());
    const ours = rehearse({ ownOrigins: [leading.url, server.url] });
    await ours.answer({ url: other.url, headers: { 'X-Automation-Depth': '1' } }, { depth: 7 });
    await ours.answer({ url: leading.url, method: 'post' }, { depth: 3 });
    const depths = [other, server, leading, away].map(({ seen }) => seen.map((one) => one.headers['x-automation-depth']));
    expect(depths).toEqual([['1'], ['7'], ['3'], [undefined]]);
  });

  it('takes a status for no error', async () => {
    const server = await serveStatuses([404]);
    expect(await rehearse().answer({ url: server.url })).toMatchObject({ status: 404, body: 'answer 1' });
  });

  it('has no body after head and 204', async () => {
    const server = await serve((response, { method }) => {
      if (method === 'HEAD')
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': '999', 'content-encoding': 'gzip' }).end();
      else response.writeHead(204).end();
    });
    const rehearsal = rehearse();
    expect(await rehearsal.answer({ url: server.url, method: 'head' })).toMatchObject({ status: 200, body: null });
    expect(await rehearsal.answer({ url: server.url, method: 'delete' })).toMatchObject({ status: 204, body: null });
  });

  it('unpacks what comes packed', async () => {
    const server = await serve((response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end(gzipSync('{"a":1}'));
    });
    expect(await rehearse().body({ url: server.url })).toEqual({ a: 1 });
    expect(server.seen[0]?.headers['accept-encoding']).toBe('gzip, br');
  });

  it('gives the body as its author asked for it', async () => {
    const server = await serve((response) => json(response, {}));
    const rehearsal = rehearse();
    const bodies = ['body', 'detailed_response', 'base64', 'data_url'].map((outputMode) => rehearsal.body({ url: server.url, outputMode }));
    expect(await Promise.all(bodies)).toEqual([{}, {}, 'e30=', 'data:application/json;base64,e30=']);
  });

  it('gives what is too large to go through a run, or is to be a file, as a file', async () => {
    const bytes = Buffer.alloc(1024 * 1024 + 1, 7);
    const server = await serve((response, { url }) => {
      const [type = '', size] = url.slice(1).split('?');
      response.writeHead(200, { 'content-type': decodeURIComponent(type) }).end(bytes.subarray(0, Number(size)));
    });
    const rehearsal = rehearse();
    const file = 'ws_1/fetched/run_1/2';
    expect(await rehearsal.body({ url: `${server.url}/image%2Fpng?${bytes.length}` })).toEqual({
      contentType: 'image/png',
      size: bytes.length,
      file,
    });
    expect(bytes.equals(await rehearsal.blobs.read(file))).toBe(true);
    expect(await rehearsal.body({ url: `${server.url}/image%2Fpng?${1024 * 1024}` })).toMatchObject({ base64: expect.any(String) });
    expect(typeof (await rehearsal.body({ url: `${server.url}/text%2Fplain?${bytes.length}` }))).toBe('string');
    const asked = { url: `${server.url}/text%2Fplain?3`, outputMode: 'file' };
    expect(await rehearsal.body(asked, { file: 'ws_1/b' })).toEqual({ contentType: 'text/plain', size: 3, file: 'ws_1/b' });
    expect(await rehearsal.blobs.read('ws_1/b')).toEqual(Buffer.alloc(3, 7));
  });

  it('makes an error of an unexpected stream, and lets its connection go', async () => {
    const gone = Promise.withResolvers<void>();
    const server = await serve((response) => {
      response.on('close', () => gone.resolve());
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: 1\n\n');
    });
    expect(await rehearse().error({ url: server.url, expect: [201] })).toMatchObject({
      code: 'runtime.fetch_status',
      details: { status: 200, body: null },
    });
    await gone.promise;
  });

  it('waits for time like a machine when nobody else keeps it', async () => {
    const server = await serveStatuses([503], [200]);
    const rehearsal = rehearse({ delay: undefined as never, random: undefined as never });
    const retry = { attempts: 2, delay: 0, factor: 1, maxDelay: 0, jitter: 0, lost: 'repeat' } as const;
    expect(await rehearsal.answer({ url: server.url }, { retry })).toMatchObject({ status: 200 });
  });
});

describe('expect', () => {
  it('makes an error of another status, with what was answered', async () => {
    const server = await serveStatuses([422]);
    expect(await rehearse().error({ url: `${server.url}/orders?key=secret`, expect: ['2xx', 404] })).toEqual({
      code: 'runtime.fetch_status',
      message: `GET ${server.url}/orders answered 422, which is not in \`expect\`. Look at \`$error.details.body\` for what it says, or add the status to \`expect\`.`,
      details: { status: 422, body: 'answer 1' },
    });
  });

  it('lets pass what it lists, and everything when it lists nothing', async () => {
    const server = await serveStatuses([404]);
    const rehearsal = rehearse();
    expect(await rehearsal.answer({ url: server.url, expect: ['2xx', 404] })).toMatchObject({ status: 404 });
    expect(await rehearsal.answer({ url: server.url, expect: [] })).toMatchObject({ status: 404 });
  });
});

describe('repeating', () => {
  it('makes three attempts of a get, with growing pauses, and the last answer counts', async () => {
    const server = await serveStatuses([503], [502], [504]);
    const rehearsal = rehearse();
    expect(await rehearsal.answer({ url: server.url })).toMatchObject({ status: 504, body: 'answer 3' });
    expect(rehearsal.timer.pauses).toEqual([1000, 2000]);
  });

  it('stops at the first answer that is one', async () => {
    const server = await serveStatuses([429], [200]);
    expect(await rehearse().answer({ url: server.url })).toMatchObject({ status: 200 });
    expect(server.seen).toHaveLength(2);
  });

  it('makes one attempt of a post, and three when its author sends a key, the same each time', async () => {
    const server = await serveStatuses([503]);
    const rehearsal = rehearse();
    await rehearsal.answer({ url: server.url, method: 'post' });
    await rehearsal.answer({ url: server.url, method: 'post', headers: { 'Idempotency-Key': 'order-8' } });
    const keys = server.seen.map(({ headers }) => headers['idempotency-key']);
    expect(keys).toEqual(['run_1/2', 'order-8', 'order-8', 'order-8']);
  });

  it('follows the policy it is given', async () => {
    const server = await serveStatuses([418]);
    const rehearsal = rehearse();
    const retry = { attempts: 4, delay: 10, factor: 3, maxDelay: 50, jitter: 0, on: ['4xx'], lost: 'repeat' } as const;
    await rehearsal.answer({ url: server.url, method: 'post' }, { retry });
    expect(rehearsal.timer.pauses).toEqual([10, 30, 50]);
  });

  it('waits as long as the other side asks, up to the longest pause', async () => {
    const server = await serveStatuses([429, { 'retry-after': '7' }], [503, { 'retry-after': 'Thu, 01 Jan 2026 02:00:00 GMT' }], [200]);
    const rehearsal = rehearse();
    await rehearsal.answer({ url: server.url });
    expect(rehearsal.timer.pauses).toEqual([7000, 300_000]);
  });

  it('tries again where nobody answers, and repeats nothing that was refused', async () => {
    const server = await serve((response) => response.destroy());
    const rehearsal = rehearse();
    expect(await rehearsal.code({ url: server.url })).toBe('runtime.fetch_unreachable');
    expect(server.seen).toHaveLength(3);
    expect(await rehearsal.code({ url: 'http://10.0.0.1/' })).toBe('runtime.fetch_refused');
    expect(rehearsal.timer.pauses).toHaveLength(2);
  });
});

describe('time', () => {
  it('ends an attempt nobody answers', async () => {
    const rehearsal = rehearse();
    const server = await serve(() => rehearsal.timer.reach());
    const { code, message } = await rehearsal.error({ url: server.url, method: 'post' });
    expect([code, message.includes('within 30000 ms')]).toEqual(['runtime.step_timeout', true]);
  });

  it('ends an attempt whose answer never ends, and is a reason to try again', async () => {
    const rehearsal = rehearse();
    const server = await serve((response) => response.writeHead(200).write('a', () => rehearsal.timer.reach()));
    expect(await rehearsal.code({ url: server.url })).toBe('runtime.step_timeout');
    expect(server.seen).toHaveLength(3);
  });

  it('ends an attempt whose host is never found', async () => {
    const rehearsal = rehearse({ resolver: { resolve: () => (rehearsal.timer.reach(), new Promise<never>(() => undefined)) } });
    expect(await rehearsal.code({ url: 'http://slow.test/', method: 'post' })).toBe('runtime.step_timeout');
  });

  it('is what the author says, up to the limit of the server', async () => {
    const waited: number[] = [];
    const rehearsal = rehearse({
      limits: { timeout: 5000 },
      delay: (milliseconds) => {
        waited.push(milliseconds);
        return new Promise(() => undefined);
      },
    });
    const server = await serveStatuses([200]);
    await rehearsal.answer({ url: server.url }, { timeout: 100 });
    await rehearsal.answer({ url: server.url }, { timeout: 60_000 });
    await rehearsal.answer({ url: server.url });
    expect(waited).toEqual([100, 5000, 5000]);
  });
});

describe('ending early', () => {
  it('ends what is under way and tries no more', async () => {
    const ending = new AbortController();
    const server = await serve(() => ending.abort());
    const { code, message } = await rehearse().error({ url: server.url }, { signal: ending.signal });
    expect([code, message.includes('was ended before it was answered')]).toEqual(['runtime.fetch_unreachable', true]);
    expect(server.seen).toHaveLength(1);
  });

  it('ends a pause', async () => {
    const ending = new AbortController();
    const server = await serveStatuses([503]);
    const delay = async (milliseconds: number, signal: AbortSignal): Promise<void> => {
      if (milliseconds === 30_000) return new Promise(() => undefined);
      ending.abort();
      signal.throwIfAborted();
    };
    expect((await rehearse({ delay }).error({ url: server.url }, { signal: ending.signal })).message).toContain('was ended');
  });

  it('sends nothing when it came before', async () => {
    const server = await serveStatuses([200]);
    expect(await rehearse().code({ url: server.url }, { signal: AbortSignal.abort() })).toBe('runtime.fetch_unreachable');
    expect(server.connections).toBe(0);
  });
});

describe('size', () => {
  const bomb = gzipSync(Buffer.alloc(1_000_000));

  it('is what the author says, up to the limit of the server, counted unpacked', async () => {
    const server = await serve((response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb));
    const rehearsal = rehearse({ limits: { maxBytes: 500_000 } });
    const details = async (maxBytes?: number): Promise<unknown> => {
      const { code, details: found } = await rehearsal.error({ url: server.url, ...(maxBytes === undefined ? {} : { maxBytes }) });
      return [code, found];
    };
    expect(await details(100)).toEqual(['runtime.fetch_too_large', { maxBytes: 100 }]);
    expect(await details(900_000)).toEqual(['runtime.fetch_too_large', { maxBytes: 500_000 }]);
    expect(await details()).toEqual(['runtime.fetch_too_large', { maxBytes: 500_000 }]);
    expect(server.seen).toHaveLength(3);
  });

  it('ends an answer without end', async () => {
    const server = await serve((response) => {
      const more = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536)));
      };
      response.writeHead(200, { 'content-type': 'text/plain' }).on('drain', more);
      more();
    });
    expect(await rehearse().code({ url: server.url })).toBe('runtime.fetch_too_large');
  });

  it('has a limit in levels too', async () => {
    const server = await serve((response) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end('['.repeat(65) + ']'.repeat(65)),
    );
    const { code, message } = await rehearse().error({ url: server.url });
    expect([code, message.includes('64 levels')]).toEqual(['runtime.fetch_too_large', true]);
  });
});

describe('redirects', () => {
  const hops = (): Promise<LocalServer> =>
    serve((response, { url }) => {
      const left = Number(url.slice(1));
      if (left === 0) response.end('there');
      else response.writeHead(302, { location: `/${left - 1}` }).end('elsewhere');
    });

  it('are followed, three at most', async () => {
    const server = await hops();
    const rehearsal = rehearse();
    expect(await rehearsal.answer({ url: `${server.url}/3` })).toMatchObject({ status: 200 });
    const { code, message } = await rehearsal.error({ url: `${server.url}/4` });
    expect([code, message.includes('more than 3 times')]).toEqual(['runtime.fetch_refused', true]);
  });

  it('are fewer when the author says so, and are the answer when none is wanted', async () => {
    const server = await hops();
    const rehearsal = rehearse();
    expect(await rehearsal.code({ url: `${server.url}/2`, redirects: 1 })).toBe('runtime.fetch_refused');
    expect(await rehearsal.answer({ url: `${server.url}/2`, redirects: 0 })).toMatchObject({ status: 302, headers: { location: '/1' } });
    expect(await rehearsal.code({ url: `${server.url}/9`, redirects: 20 })).toBe('runtime.fetch_refused');
  });

  it('take no credentials to another origin, and the body where the status says so', async () => {
    const other = await serve((response) => response.end());
    const server = await serve((response) => response.writeHead(307, { location: `${other.url}/moved` }).end());
    await rehearse().answer({ url: server.url, method: 'put', body: 'text', auth: { basic: { username: 'a', password: 'b' } } });
    expect(server.seen[0]?.headers.authorization).toBe('Basic YTpi');
    expect(other.seen).toMatchObject([{ method: 'PUT', url: '/moved', body: 'text' }]);
    expect(other.seen[0]?.headers.authorization).toBeUndefined();
  });

  it('lead an app to no host that nobody has consented to', async () => {
    const other = await serve((response) => response.end('there'));
    const server = await serve((response) => response.writeHead(302, { location: other.url.replace('127.0.0.1', 'localhost') }).end());
    const rehearsal = rehearse({ allow: ['127.0.0.1', 'localhost'] });
    const { code, details } = await rehearsal.error({ url: server.url }, { hosts: ['127.0.0.1'] });
    expect([code, details]).toEqual(['runtime.permission_missing', { permission: 'hosts', name: 'localhost' }]);
    expect(other.seen).toEqual([]);
    expect(await rehearsal.code({ url: server.url }, { hosts: [] })).toBe('runtime.permission_missing');
    expect(server.seen).toHaveLength(1);
  });

  it('lead nobody to a host that the workspace does not reach, whatever its app may do', async () => {
    const other = await serve((response) => response.end('there'));
    const server = await serve((response) => response.writeHead(302, { location: other.url.replace('127.0.0.1', 'localhost') }).end());
    const rehearsal = rehearse({ allow: ['127.0.0.1', 'localhost'] });
    const { code, message, details } = await rehearsal.error(
      { url: server.url },
      { egress: ['127.0.0.1'], hosts: ['127.0.0.1', 'localhost'] },
    );
    expect([code, details]).toEqual(['runtime.egress_refused', { setting: 'egress', host: 'localhost' }]);
    expect(message).toContain('leads to localhost, which `settings.egress` of the workspace does not name');
    expect(other.seen).toEqual([]);
    expect(await rehearsal.code({ url: server.url }, { egress: ['localhost'], hosts: ['127.0.0.1'] })).toBe('runtime.egress_refused');
    expect(await rehearsal.code({ url: server.url }, { egress: ['127.0.0.1'], hosts: [] })).toBe('runtime.permission_missing');
    expect(server.seen).toHaveLength(1);
    expect(await rehearse({ ownOrigins: [server.url] }).code({ url: server.url }, { egress: ['a.test'] })).toBe('runtime.egress_refused');
    expect(await rehearse({ allow: [] }).code({ url: server.url }, { egress: ['127.0.0.1'] })).toBe('runtime.fetch_refused');
  });

  it('to nowhere are refused', async () => {
    const server = await serve((response) => response.writeHead(302, { location: 'http://[' }).end());
    expect(await rehearse().code({ url: server.url })).toBe('runtime.fetch_refused');
  });
});

describe('closing', () => {
  it('waits for what is under way', async () => {
    const rehearsal = rehearse();
    const closed: Promise<void>[] = [];
    const server = await serve((response) => {
      closed.push(rehearsal.fetcher.close());
      response.end('in time');
    });
    expect(await rehearsal.answer({ url: server.url })).toMatchObject({ status: 200 });
    await Promise.all(closed);
    expect(await rehearsal.code({ url: server.url })).toBe('runtime.fetch_unreachable');
  });
});

describe('no answer', () => {
  it.each([
    ['ENOTFOUND', 'no such host is known'],
    ['EAI_AGAIN', 'the name of the host could not be looked up'],
    ['EHOSTUNREACH', 'no connection could be made'],
    ['ESOMETHING', 'the connection failed'],
  ])('says what %s means', async (code, meaning) => {
    const resolver = { resolve: () => Promise.reject(Object.assign(new Error('of 10.1.2.3'), { code })) };
    const { message } = await rehearse({ resolver }).error({ url: 'http://down.test/a' });
    expect(message).toBe(`GET http://down.test/a got no answer: ${meaning}. Check the URL, or try again later with \`retry\`.`);
  });

  it('says that nothing listens', async () => {
    const server = await serveStatuses([200]);
    await server.stop();
    ends.pop();
    expect((await rehearse().error({ url: server.url })).message).toContain('the host refused the connection');
  });

  it('says that the answer is none', async () => {
    const server = await serve((response) => response.socket?.end('HTTP/1.1 nonsense\r\n\r\n'));
    expect((await rehearse().error({ url: server.url })).message).toContain('the answer was not well-formed HTTP');
  });

  it('says that the answer cannot be unpacked', async () => {
    const server = await serve((response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('nonsense'));
    expect((await rehearse().error({ url: server.url })).message).toContain('the answer could not be unpacked');
  });

  it('says that the connection was cut in the middle', async () => {
    const server = await serve((response) => response.writeHead(200, { 'content-length': '100' }).write('half', () => response.destroy()));
    expect(await rehearse().code({ url: server.url })).toBe('runtime.fetch_unreachable');
  });

  it('throws a fault of ours as what it is', async () => {
    const resolver = { resolve: () => Promise.reject(new TypeError('a fault')) };
    await expect(rehearse({ resolver }).fetch({ url: 'http://fault.test/' })).rejects.toThrow('a fault');
  });
});
