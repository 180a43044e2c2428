import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { PrivateServer } from '@millrace/testing';
import type { WireMessage, WireRequest } from '../wire';
import { NatsWire } from './nats-wire';

jest.setTimeout(120_000);

const empty = { body: new Uint8Array(), headers: {} };
const KILLS = 4;

describe('NatsWire, whose server is killed, paused and started again', () => {
  let server: PrivateServer;
  let wires: NatsWire[];

  beforeEach(async () => {
    server = await PrivateServer.start('nats');
    wires = [];
  });

  afterEach(async () => {
    await Promise.all(wires.map((wire) => wire.close()));
    await server[Symbol.asyncDispose]();
  });

  async function open(): Promise<NatsWire> {
    const wire = await NatsWire.connect({ connection: { servers: server.setting('MILLRACE_NATS_URL') } });
    wires.push(wire);
    return wire;
  }

  it('refuses what is in flight and what comes while it is away, and serves again by itself', async () => {
    const [near, far] = [await open(), await open()];
    const begun = Promise.withResolvers<undefined>();
    await far.serve('call.stuck', 'g', { request: stuck(() => begun.resolve(undefined)) });
    await far.serve('call.echo', 'g', { request: async (request) => request });
    const inFlight = expect(near.request('call.stuck', empty, { timeout: 60_000 })).rejects.toMatchObject({ code: 'wire.disconnected' });
    await begun.promise;
    await server.kill();
    await inFlight;
    await expect(near.request('call.echo', empty, { timeout: 60_000 })).rejects.toMatchObject({ code: 'wire.disconnected' });
    await expect(near.publish('news', empty)).rejects.toMatchObject({ code: 'wire.disconnected' });
    await expect(near.stream('call.echo', empty, { timeout: 60_000 })[Symbol.asyncIterator]().next()).rejects.toMatchObject({
      code: 'wire.disconnected',
    });
    await server.start();
    expect(await answered(near, 'call.echo')).toBe('again');
  });

  it('tells a server that is back and has nobody who serves from one that is away', async () => {
    const near = await open();
    const codes: unknown[] = [];
    await server.kill();
    const asking = (async () => {
      for (let last: unknown; last !== 'wire.no_one_listens'; codes.push(last))
        last = await codeOf(near.request('call.nobody', empty, soon));
    })();
    await server.start();
    await asking;
    expect([...new Set(codes)].filter((code) => code !== 'wire.timeout')).toEqual(['wire.disconnected', 'wire.no_one_listens']);
  });

  it('gives up in time while it stands still; what was given up is cancelled when it arrives, and answered by nobody', async () => {
    const [near, far] = [await open(), await open()];
    const cancelled = Promise.withResolvers<undefined>();
    await far.serve('call.late', 'g', {
      request: stuck(
        () => undefined,
        () => cancelled.resolve(undefined),
      ),
    });
    await far.serve('call.echo', 'g', { request: async (request) => request });
    await server.pause();
    await expect(near.request('call.late', empty, { timeout: 200 })).rejects.toMatchObject({ code: 'wire.timeout' });
    server.resume();
    await cancelled.promise;
    expect(await answered(near, 'call.echo')).toBe('again');
  });

  it('hands no request to two, and answers none twice, through kills', async () => {
    const near = await open();
    const handled: string[] = [];
    for (const far of [await open(), await open()]) {
      await far.serve('call.count', 'g', {
        request: async (request) => {
          handled.push(text(request));
          return request;
        },
      });
    }
    const answers: string[] = [];
    let isOver = false;
    let asked = 0;
    const ask = async (): Promise<void> => {
      while (!isOver) {
        const id = `${++asked}`;
        const reply = await near.request('call.count', { ...empty, body: Buffer.from(id) }, soon).catch(() => undefined);
        if (reply === undefined) await breath(server);
        else answers.push(`${id}=${text(reply)}`);
      }
    };
    const asking = Array.from({ length: 8 }, ask);
    for (let kill = 0; kill < KILLS; kill += 1) {
      const before = answers.length;
      while (answers.length < before + 100) await breath(server);
      await server.kill();
      await server.start();
    }
    isOver = true;
    await Promise.all(asking);
    expect(new Set(handled).size).toBe(handled.length);
    expect(new Set(answers).size).toBe(answers.length);
    expect(answers.every((answer) => answer.split('=')[0] === answer.split('=')[1])).toBe(true);
  });

  it.each(['kill', 'pause'] as const)('ends soon when the server does not answer (%s)', async (outage) => {
    const far = await open();
    const [served, subscribed] = [
      await far.serve('call.a', 'g', { request: async () => empty }),
      await far.subscribe('news', () => undefined),
    ];
    await server[outage]();
    await Promise.all([served.close(), subscribed.close()]);
    await far.close();
    await expect(far.request('call.a', empty, soon)).rejects.toMatchObject({ code: 'wire.closed' });
    if (outage === 'pause') server.resume();
  });

  it('finishes what it has in hand before it is closed, when what it serves is closed first', async () => {
    const [near, far] = [await open(), await open()];
    const [begun, finish] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
    const served = await far.serve('call.drain', 'g', {
      request: async () => {
        begun.resolve(undefined);
        await finish.promise;
        return { ...empty, body: Buffer.from('done') };
      },
    });
    const answer = near.request('call.drain', empty, { timeout: 60_000 });
    await begun.promise;
    const closing = served.close().then(() => far.close());
    finish.resolve(undefined);
    await closing;
    expect(text(await answer)).toBe('done');
  });
});

const soon = { timeout: 2_000 };

function stuck(onBegin: () => void, onCancel?: () => void): (request: WireRequest) => Promise<WireMessage> {
  return ({ signal }) =>
    new Promise((resolve) => {
      onBegin();
      signal.addEventListener('abort', () => {
        onCancel?.();
        resolve(empty);
      });
    });
}

/** Asks until there is an answer. */
async function answered(wire: NatsWire, subject: string): Promise<string> {
  for (;;) {
    const reply = await wire.request(subject, { ...empty, body: Buffer.from('again') }, soon).catch(() => undefined);
    if (reply !== undefined) return text(reply);
  }
}

/** Lets the connections hear what happened to them. */
async function breath(server: PrivateServer): Promise<void> {
  await fetch(`${server.setting('MILLRACE_NATS_MONITOR_URL')}/healthz`).catch(() => undefined);
}

function codeOf(answer: Promise<unknown>): Promise<unknown> {
  return answer.then(
    () => 'answered',
    (error: unknown) => (error instanceof Error && 'code' in error ? error.code : error),
  );
}

function text({ body }: WireMessage): string {
  return new TextDecoder().decode(body);
}
