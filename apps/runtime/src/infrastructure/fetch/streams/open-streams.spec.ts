import { afterEach, describe, expect, it } from '@jest/globals';
import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { LocalServer, type Answering } from '../testing/local-server';
import { Rehearsal } from '../testing/rehearsal';
import type { UndiciFetcherOptions } from '../undici-fetcher';

const ends: (() => Promise<void>)[] = [];
const STREAM = { 'content-type': 'text/event-stream; charset=utf-8' };
const UNREAD = 600_000;

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function serve(answer: Answering): Promise<LocalServer> {
  const server = await LocalServer.start(answer);
  ends.push(() => server.stop());
  return server;
}

/** A server that streams what it is handed, and says when its client has gone. */
async function serveStream() {
  const response = Promise.withResolvers<ServerResponse>();
  const gone = Promise.withResolvers<void>();
  const server = await serve((given) => {
    given.on('close', () => gone.resolve());
    given.writeHead(200, STREAM).flushHeaders();
    response.resolve(given);
  });
  return {
    url: server.url,
    gone: gone.promise,
    write: async (text: string | Buffer) => (await response.promise).write(text),
    end: async () => (await response.promise).end(),
  };
}

function rehearse(options: Partial<UndiciFetcherOptions> = {}): Rehearsal {
  const rehearsal = new Rehearsal(options);
  ends.push(() => rehearsal.fetcher.close());
  return rehearsal;
}

const LOST = { error: expect.objectContaining({ code: 'runtime.stream_lost' }) };
const END = { value: { end: true } };
const item = (index: number, ...data: unknown[]) => ({ value: { item: { index, chunk: { data } } } });

describe('a stream of events', () => {
  it('is read item by item as it comes, to its end, which stays its end', async () => {
    const { url, write, end } = await serveStream();
    const rehearsal = rehearse();
    const answer = await rehearsal.answer({ url });
    expect(answer).toMatchObject({ status: 200, headers: STREAM, stream: expect.any(String) });
    const first = rehearsal.next(answer.stream);
    await write(Buffer.from('data: gr\xc3', 'latin1'));
    await write(Buffer.from('\xbcn\n\n', 'latin1'));
    expect(await first).toEqual(item(0, 'grün'));
    await write('event: e\nid: 1\ndata: {"a":1}\n\ndata: x\n\n');
    expect(await rehearsal.next(answer.stream)).toEqual({
      value: { item: { index: 1, chunk: { data: [{ a: 1 }], event: 'e', id: '1' } } },
    });
    expect(await rehearsal.next(answer.stream)).toEqual(item(2, 'x'));
    await end();
    expect(await rehearsal.next(answer.stream)).toEqual(END);
    expect(await rehearsal.next(answer.stream)).toEqual(END);
  });

  it('is unpacked as it comes', async () => {
    const server = await serve((response) =>
      response.writeHead(200, { ...STREAM, 'content-encoding': 'gzip' }).end(gzipSync('data: 1\n\ndata: 2')),
    );
    const rehearsal = rehearse();
    const stream = await rehearsal.open({ url: server.url });
    expect([await rehearsal.next(stream), await rehearsal.next(stream), await rehearsal.next(stream)]).toEqual([
      item(0, '1'),
      item(1, '2'),
      END,
    ]);
  });

  it('is text when it tells of an error', async () => {
    const server = await serve((response) => response.writeHead(404, STREAM).end('data: none'));
    expect(await rehearse().answer({ url: server.url })).toMatchObject({ status: 404, body: 'data: none' });
  });

  it('is nobody else’s: not of another run, not by a handle that was never given', async () => {
    const { url, write } = await serveStream();
    const rehearsal = rehearse();
    const stream = await rehearsal.open({ url });
    await write('data: 1\n\n');
    expect(await rehearsal.next(stream, { run: 'run_2' })).toEqual(LOST);
    for (const handle of ['other', 7, null, { stream }]) expect(await rehearsal.next(handle)).toEqual(LOST);
    expect(await rehearsal.next(stream)).toEqual(item(0, '1'));
  });

  it('is closed with its run, and no other is', async () => {
    const one = await serveStream();
    const other = await serveStream();
    const rehearsal = rehearse();
    const stream = await rehearsal.open({ url: one.url });
    const kept = await rehearsal.open({ url: other.url }, { run: 'run_2' });
    rehearsal.fetcher.closeStreams('run_1');
    await one.gone;
    expect(await rehearsal.next(stream)).toEqual(LOST);
    await other.end();
    expect(await rehearsal.next(kept, { run: 'run_2' })).toEqual(END);
  });

  it('is closed when its reading is ended early', async () => {
    const { url, gone } = await serveStream();
    const rehearsal = rehearse();
    const stream = await rehearsal.open({ url });
    const ending = new AbortController();
    const reading = rehearsal.next(stream, { signal: ending.signal });
    ending.abort();
    expect(await reading).toMatchObject({ error: { code: 'runtime.fetch_unreachable', message: expect.stringContaining('was ended') } });
    await gone;
    expect(await rehearsal.next(stream)).toEqual(LOST);
  });

  it('is closed when nothing comes for too long, or nobody reads it for much longer', async () => {
    const silent = await serveStream();
    const unread = await serveStream();
    const rehearsal = rehearse();
    const stream = await rehearsal.open({ url: silent.url });
    const forgotten = await rehearsal.open({ url: unread.url });
    const reading = rehearsal.next(stream);
    rehearsal.timer.reach();
    expect(await reading).toMatchObject({
      error: { code: 'runtime.step_timeout', message: expect.stringContaining('nothing for 30000 ms') },
    });
    await silent.gone;
    rehearsal.timer.reach(UNREAD);
    await unread.gone;
    expect([await rehearsal.next(stream), await rehearsal.next(forgotten)]).toEqual([LOST, LOST]);
  });

  it('has a size, counted unpacked, and a depth', async () => {
    const large = await serve((response) =>
      response.writeHead(200, { ...STREAM, 'content-encoding': 'gzip' }).end(gzipSync(`data: ${'x'.repeat(5000)}\n\n`)),
    );
    const deep = await serve((response) => response.writeHead(200, STREAM).end(`data: ${'['.repeat(65)}${']'.repeat(65)}\n\n`));
    const rehearsal = rehearse({ limits: { maxBytes: 4000 } });
    for (const { url } of [large, deep]) {
      const stream = await rehearsal.open({ url });
      expect(await rehearsal.next(stream)).toMatchObject({ error: { code: 'runtime.fetch_too_large' } });
      expect(await rehearsal.next(stream)).toEqual(LOST);
    }
  });

  it('fails when its connection is cut or it is not packed as it says', async () => {
    const cut = await serve((response) => response.writeHead(200, STREAM).write('data: 1\n\n', () => response.destroy()));
    const broken = await serve((response) => response.writeHead(200, { ...STREAM, 'content-encoding': 'br' }).end('nonsense'));
    const rehearsal = rehearse();
    for (const { url } of [cut, broken]) {
      const stream = await rehearsal.open({ url });
      const outcomes = [await rehearsal.next(stream), await rehearsal.next(stream)];
      expect(outcomes).toContainEqual({ error: expect.objectContaining({ code: 'runtime.fetch_unreachable' }) });
    }
  });

  it('is closed with everything else', async () => {
    const { url, gone } = await serveStream();
    const rehearsal = rehearse();
    const stream = await rehearsal.open({ url });
    await rehearsal.fetcher.close();
    await gone;
    expect(await rehearsal.next(stream)).toEqual(LOST);
  });
});
