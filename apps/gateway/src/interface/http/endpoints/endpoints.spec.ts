import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { FolderBlobs, StagedBlobs } from '@millrace/blobs';
import { RuntimeService } from '@millrace/contracts';
import { DomainError } from '@millrace/kernel';
import type { CallContext } from '@millrace/messaging';
import { SystemClock, SystemIds } from '@millrace/service';
import { temporaryFolder } from '@millrace/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ANNAS_TOKEN, EXPIRED_TOKEN, openStage, type Stage } from '../../../../testing/stage';
import { EndpointOrigin } from '../door/endpoint-origin';
import { Endpoints } from './endpoints';

interface Asked {
  readonly workspaceId: string;
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headerLines: readonly string[];
  readonly body: Uint8Array;
  readonly ip: string;
  readonly upload?: {
    readonly whole: boolean;
    readonly fields: readonly { readonly name: string; readonly value: string }[];
    readonly files: readonly {
      readonly field: string;
      readonly name: string;
      readonly type: string;
      readonly size: number;
      readonly ref: string;
    }[];
  };
}

type Part = { part: { case: 'head'; value: object } | { case: 'chunk'; value: Uint8Array } };

const encoder = new TextEncoder();
const head = (status = 200, headers: Record<string, string> = {}): Part => ({
  part: { case: 'head', value: { status, headerLines: Object.entries(headers).flat(), runId: 'run_1' } },
});
const chunk = (text: string): Part => ({ part: { case: 'chunk', value: encoder.encode(text) } });

describe('an endpoint of an automation', () => {
  const folder = temporaryFolder();
  let blobs: FolderBlobs;
  let staged: StagedBlobs;
  let stage: Stage;
  const asked: Asked[] = [];
  const contexts: CallContext[] = [];
  const doors = new Map<string, () => AsyncIterable<Part>>();

  const places: (string | undefined)[] = [];
  const wrong = {
    check: (place: string | undefined) => {
      if (places.includes(place)) throw new DomainError('auth.too_many_wrong', 'exhausted', 'Later.', { facts: { retryAfter: 600 } });
    },
    note: async (place: string | undefined) => void places.push(place),
  };

  beforeAll(async () => {
    blobs = await FolderBlobs.open(folder.path);
    const clock = new SystemClock();
    staged = new StagedBlobs(blobs, clock, new SystemIds(clock));
    stage = await openStage({
      origins: ['https://console.test'],
      handlers: [
        [
          RuntimeService.method.handleEndpoint,
          (request: Asked, context: CallContext) => {
            asked.push(request);
            contexts.push(context);
            return (doors.get(request.path) ?? unknown)();
          },
        ],
      ],
      routes: (parts) => [
        new Endpoints({
          ...{ ...parts, staged, wrong, apart: new EndpointOrigin('http://apart.test') },
          bodies: { inline: 1_048_576, most: 10 * 1_048_576 },
        }),
      ],
    });
  });

  afterAll(async () => {
    await stage[Symbol.asyncDispose]();
    folder[Symbol.dispose]();
  });

  const answers = (path: string, make: () => AsyncGenerator<Part>): void => void doors.set(path, make);
  const last = (): Asked => asked.at(-1) ?? never();

  it('gets the request as it came, under both of its addresses', async () => {
    answers('orders/new', async function* () {
      yield head(202, { 'Content-Type': 'text/plain', 'X-Mine': 'yes' });
      yield chunk('taken');
    });
    for (const prefix of ['/v1/workspaces/hotel/webhooks', '/e/hotel']) {
      const body = Uint8Array.of(0, 255, 10);
      const answer = await fetch(`${stage.url}${prefix}/orders/new?a=1&a=%202`, {
        method: 'PUT',
        body,
        headers: { 'content-type': 'x/y' },
      });
      expect([answer.status, await answer.text()]).toEqual([202, 'taken']);
      expect(last()).toMatchObject({ workspaceId: 'hotel', method: 'PUT', path: 'orders/new', query: 'a=1&a=%202', ip: '127.0.0.1' });
      expect(last().body).toEqual(body);
      expect(last().headerLines.join(' ')).toContain('content-type x/y');
    }
  });

  it('is shut to whoever signs wrongly, there and from where they are; what else it refuses is not counted', async () => {
    const refuses = (path: string, code: string): void =>
      answers(path, async function* () {
        yield* [];
        throw new DomainError(code, 'unauthenticated', 'No.');
      });
    refuses('signed', 'runtime.signature_invalid');
    refuses('members', 'runtime.sign_in_needed');
    const statuses = async (path: string) => [
      (await fetch(`${stage.url}/e/hotel/${path}`, { method: 'POST' })).status,
      (await fetch(`${stage.url}/e/hotel/${path}`, { method: 'POST' })).status,
    ];
    expect([await statuses('signed'), await statuses('members')]).toEqual([
      [401, 429],
      [401, 401],
    ]);
    expect(places).toEqual(['127.0.0.1 hotel/signed']);
  });

  it('answers with its own headers inside our fence, in one piece when it is short', async () => {
    answers('short', async function* () {
      yield head(200, {
        'content-type': 'text/html',
        'Cache-Control': 'max-age=60',
        'Set-Cookie': 'a=b',
        'X-A': '1',
        'bad name': 'x',
        'X-Bad': 'a\nb',
      });
      yield chunk('<script>');
    });
    const { headers } = await stage.call('GET', '/e/hotel/short', undefined, {
      origin: 'https://console.test',
      'x-request-id': 'my-request',
    });
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-type': 'text/html',
      'content-length': '8',
      'cache-control': 'max-age=60',
      'content-security-policy': 'sandbox',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'access-control-allow-origin': 'https://console.test',
      'x-request-id': 'my-request',
      'x-a': '1',
      'millrace-run': 'run_1',
    });
    expect(headers.has('set-cookie')).toBe(false);
    expect(headers.has('x-bad')).toBe(false);
  });

  it('answers without a body, and HEAD without one in any case', async () => {
    answers('empty', async function* () {
      yield head(204);
    });
    expect((await fetch(`${stage.url}/e/hotel/empty`)).status).toBe(204);
    const answer = await fetch(`${stage.url}/e/hotel/short`, { method: 'HEAD' });
    expect([answer.status, await answer.text(), last().method]).toEqual([200, '', 'HEAD']);
  });

  it('is any method', async () => {
    for (const method of ['POST', 'PATCH', 'DELETE', 'OPTIONS']) {
      expect((await fetch(`${stage.url}/e/hotel/empty`, { method })).status).toBe(204);
      expect(last().method).toBe(method);
    }
  });

  it('sees who calls, and never a credential of ours', async () => {
    const call = async (authorization?: string): Promise<readonly string[]> => {
      await fetch(`${stage.url}/e/hotel/empty`, authorization === undefined ? {} : { headers: { authorization } });
      const { headerLines } = last();
      return [contexts.at(-1)?.principal.id ?? '', ...headerLines.filter((_, at) => headerLines[at - 1] === 'authorization')];
    };
    expect(await call()).toEqual(['anonymous']);
    expect(await call(`Bearer ${ANNAS_TOKEN}`)).toEqual(['anna']);
    expect(await call(`Bearer ${EXPIRED_TOKEN}`)).toEqual(['anonymous']);
    expect(await call('Bearer of-somebody-else')).toEqual(['anonymous', 'Bearer of-somebody-else']);
    expect(await call('Basic YTpi')).toEqual(['anonymous', 'Basic YTpi']);
  });

  it('streams what is made piece by piece, the head at once', async () => {
    const [first, second] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    answers('stream', async function* () {
      yield head(200, { 'content-type': 'text/event-stream' });
      await first.promise;
      yield chunk('data: 1\n\n');
      await second.promise;
      yield chunk('data: 2\n\n');
    });
    const answer = await fetch(`${stage.url}/e/hotel/stream`);
    expect(answer.headers.get('content-type')).toBe('text/event-stream');
    const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader() ?? never();
    first.resolve();
    expect((await reader.read()).value).toBe('data: 1\n\n');
    second.resolve();
    expect((await reader.read()).value).toBe('data: 2\n\n');
    expect((await reader.read()).done).toBe(true);
  });

  it('makes no more than the client takes', async () => {
    const piece = 'x'.repeat(65_536);
    let made = 0;
    answers('flood', async function* () {
      yield head();
      for (; made < 300; made++) yield chunk(piece);
    });
    const answer = await stage.raw('GET', '/e/hotel/flood');
    await once(answer, 'readable');
    const madeUnread = made;
    let bytes = 0;
    answer.on('data', (data: Buffer) => (bytes += data.length));
    await once(answer, 'end');
    expect(madeUnread).toBeLessThan(made);
    expect(bytes).toBe(300 * piece.length);
  });

  it('is told when the client goes away', async () => {
    const cancelled = Promise.withResolvers<void>();
    answers('forever', async function* () {
      try {
        yield head();
        yield chunk('one');
        await new Promise((resolve) => contexts.at(-1)?.signal?.addEventListener('abort', resolve, { once: true }));
      } finally {
        cancelled.resolve();
      }
    });
    const answer = await stage.raw('GET', '/e/hotel/forever');
    answer.destroy();
    await cancelled.promise;
  });

  it('is told when the client goes away before there is an answer', async () => {
    const [begun, cancelled] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    answers('slow', async function* () {
      begun.resolve();
      await new Promise((resolve) => contexts.at(-1)?.signal?.addEventListener('abort', resolve, { once: true }));
      cancelled.resolve();
      yield head();
    });
    const call = httpRequest({ port: stage.port, path: '/e/hotel/slow', agent: false }).on('error', () => undefined);
    call.end();
    await begun.promise;
    call.destroy();
    await cancelled.promise;
  });

  it('is a problem when it is refused, or breaks before its head', async () => {
    answers('refused', async function* () {
      throw new DomainError('runtime.endpoint_unknown', 'not-found', 'There is no such endpoint.');
    });
    answers('broken', async function* () {
      yield chunk('no head');
    });
    answers('odd', async function* () {
      yield head(99);
    });
    answers('none', async function* () {
      return;
    });
    const statusAndCode = async (path: string): Promise<unknown[]> => {
      const answer = await fetch(`${stage.url}/e/hotel/${path}`);
      return [answer.status, ((await answer.json()) as { code: string }).code];
    };
    expect(await statusAndCode('refused')).toEqual([404, 'runtime.endpoint_unknown']);
    for (const path of ['broken', 'odd', 'none']) expect(await statusAndCode(path)).toEqual([500, 'api.internal']);
  });

  it('breaks off rather than pass half an answer for a whole one', async () => {
    answers('half', async function* () {
      yield head();
      yield chunk('half');
      yield chunk('more');
      throw new TypeError('a fault');
    });
    await expect(fetch(`${stage.url}/e/hotel/half`).then((answer) => answer.text())).rejects.toThrow();
    expect(stage.log.lines.map(({ message }) => message)).toContain('The answer of an endpoint broke off.');
  });

  it('refuses a path that could be read in two ways', async () => {
    for (const path of ['/e/hotel/a%2Fb', '/e/hotel/a/../b', '/e/hotel//a', '/v1/workspaces/hotel/webhooks/a;b']) {
      const answer = await stage.raw('GET', path);
      answer.resume();
      expect(answer.statusCode).toBe(400);
    }
  });

  const bytesOf = async (ref: string): Promise<Buffer> => Buffer.concat(await Array.fromAsync(await staged.get(ref)));

  it('gets a body of up to 1 MiB as it is, and more by its name in the blob store', async () => {
    expect((await stage.call('POST', '/e/hotel/empty', 'x'.repeat(1_048_576))).status).toBe(204);
    expect([last().body.length, last().upload]).toEqual([1_048_576, undefined]);
    const large = Buffer.alloc(1_048_577, 'y');
    const answer = await fetch(`${stage.url}/e/hotel/empty`, {
      method: 'POST',
      body: large,
      headers: { 'content-type': 'application/json' },
    });
    expect([answer.status, last().body.length]).toEqual([204, 0]);
    const [file, ...others] = last().upload?.files ?? [];
    expect([last().upload?.whole, file?.size, file?.type, others]).toEqual([true, 1_048_577, 'application/json', []]);
    expect((await bytesOf(file?.ref ?? '')).equals(large)).toBe(true);
  });

  it('refuses a body above 10 MiB, said or not, and keeps nothing of it', async () => {
    const before = await blobs.list('', 1_000);
    const size = 10 * 1_048_576 + 1;
    expect((await fetch(`${stage.url}/e/hotel/empty`, { method: 'POST', body: new Uint8Array(size) })).status).toBe(413);
    const unsaid = new Blob([new Uint8Array(size)]).stream();
    const answer = await fetch(`${stage.url}/e/hotel/empty`, { method: 'POST', body: unsaid, duplex: 'half' });
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([413, 'api.body_too_large']);
    expect((await blobs.list('', 1_000)).filter((key) => key.startsWith('uploads/'))).toEqual(
      before.filter((key) => key.startsWith('uploads/')),
    );
  });

  it('gets the files of a form by their names in the blob store, its texts, and its bytes while they are few', async () => {
    const form = new FormData();
    form.set('title', 'Zoë');
    form.append('photo', new Blob(['one'], { type: 'image/png' }), '../a.png');
    form.append('photo', new Blob(['two'], { type: 'text/plain' }), 'b');
    expect((await fetch(`${stage.url}/e/hotel/empty`, { method: 'POST', body: form })).status).toBe(204);
    const { upload, body, headerLines } = last();
    expect(upload).toMatchObject({ whole: false, fields: [{ name: 'title', value: 'Zoë' }] });
    expect(upload?.files).toMatchObject([
      { field: 'photo', name: 'a.png', type: 'image/png', size: 3 },
      { field: 'photo', name: 'b', type: 'text/plain', size: 3 },
    ]);
    expect(await Promise.all((upload?.files ?? []).map(async ({ ref }) => String(await bytesOf(ref))))).toEqual(['one', 'two']);
    expect([body.length > 0, headerLines.join(' ')]).toEqual([true, expect.stringContaining('multipart/form-data')]);
    form.append('large', new Blob([new Uint8Array(1_048_576)]), 'c');
    await fetch(`${stage.url}/e/hotel/empty`, { method: 'POST', body: form });
    expect([last().body.length, last().upload?.files.length]).toEqual([0, 3]);
  });

  it('reads a body by its content type alone', async () => {
    const send = async (type: string, body: string): Promise<unknown> => {
      asked.length = 0;
      const answer = await fetch(`${stage.url}/e/hotel/empty`, { method: 'POST', body, headers: { 'content-type': type } });
      return answer.status === 204 ? last().upload !== undefined : ((await answer.json()) as { code: string }).code;
    };
    const part = '--x\r\ncontent-disposition: form-data; name="a"\r\n\r\n1\r\n';
    expect(await send('application/json', `${part}--x--`)).toBe(false);
    expect(await send('multipart/form-data; boundary=x', '{"a":1}')).toBe('api.multipart_invalid');
    expect(await send('multipart/form-data', `${part}--x--`)).toBe('api.multipart_invalid');
    expect(await send('multipart/mixed; boundary=x', `${part}--x--`)).toBe(false);
    expect(await send('multipart/form-data; boundary=x', `${part.repeat(50)}--x--`)).toBe(true);
    expect(await send('multipart/form-data; boundary=x', `${part.repeat(51)}--x--`)).toBe('api.multipart_too_large');
  });

  it('may set cookies and its own policy where nothing of ours is', async () => {
    answers('apart', async function* () {
      yield head(200, { 'Set-Cookie': 'a=b', 'Content-Security-Policy': "default-src 'self'" });
    });
    const apart = await stage.raw('GET', '/e/hotel/apart', { host: 'apart.test' });
    apart.resume();
    expect(apart.headers).toMatchObject({
      'set-cookie': ['a=b'],
      'content-security-policy': "default-src 'self'",
      'x-content-type-options': 'nosniff',
    });
    const shared = await stage.raw('GET', '/e/hotel/apart');
    shared.resume();
    expect([shared.headers['set-cookie'], shared.headers['content-security-policy']]).toEqual([undefined, 'sandbox']);
  });
});

async function* unknown(): AsyncGenerator<Part> {
  yield head(404);
}

function never(): never {
  throw new Error('Nothing was asked.');
}
