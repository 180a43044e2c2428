import { createServer, connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { once } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { stackSetting } from '@millrace/testing';
import type { Wire } from '../wire';
import { wireContract } from '../wire.contract';
import { NatsWire } from './nats-wire';

const url = stackSetting('MILLRACE_NATS_URL');

wireContract('NatsWire', async () => {
  const wires: Wire[] = [];
  return {
    wire: async () => {
      const wire = await NatsWire.connect({ connection: { servers: url } });
      wires.push(wire);
      return wire;
    },
    close: async () => {
      await Promise.all(wires.map((wire) => wire.close()));
    },
  };
});

describe('NatsWire', () => {
  const empty = { body: new Uint8Array(), headers: {} };

  it('refuses what the server would not take, as a request and as a reply', async () => {
    const [server, client] = await Promise.all([0, 1].map(() => NatsWire.connect({ connection: { servers: url } })));
    const large = { body: new Uint8Array(80 * 1024 * 1024), headers: {} };
    await server?.serve('nats.large', 'g', { request: async () => large });
    await expect(client?.request('nats.large', large, { timeout: 1_000 })).rejects.toMatchObject({ code: 'wire.message_too_large' });
    await expect(client?.request('nats.large', empty, { timeout: 1_000 })).rejects.toMatchObject({ code: 'wire.handler_failed' });
    await Promise.all([server?.close(), client?.close()]);
  });

  it('ends a stream whose caller was cut off', async () => {
    const [begun, gone] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
    const line = await openLine(url);
    const server = await NatsWire.connect({ connection: { servers: url }, beat: 10 });
    const client = await NatsWire.connect({ connection: { servers: line.url }, beat: 10 });
    await server.serve('nats.endless', 'g', {
      async *stream({ signal }) {
        signal.addEventListener('abort', () => gone.resolve(undefined));
        begun.resolve(undefined);
        await gone.promise;
        yield empty;
      },
    });
    const next = client.stream('nats.endless', empty, { timeout: 60_000 })[Symbol.asyncIterator]().next();
    const refused = expect(next).rejects.toMatchObject({ code: 'wire.disconnected' });
    await begun.promise;
    line.cut();
    await refused;
    await gone.promise;
    await Promise.all([server.close(), client.close(), line.close()]);
  });

  it('refuses calls while the server is away, and works again when it is back', async () => {
    const line = await openLine(url);
    const server = await NatsWire.connect({ connection: { servers: url } });
    const client = await NatsWire.connect({ connection: { servers: line.url, reconnectTimeWait: 5, reconnectJitter: 0 } });
    const begun = Promise.withResolvers<undefined>();
    await server.serve('nats.away', 'g', {
      request: async ({ body, signal }) => {
        if (body.length > 0) return empty;
        begun.resolve(undefined);
        return new Promise((resolve) => signal.addEventListener('abort', () => resolve(empty)));
      },
    });
    const news = Promise.withResolvers<undefined>();
    await client.subscribe('nats.back', () => news.resolve(undefined));
    const inFlight = client.request('nats.away', empty, { timeout: 60_000 });
    const refused = expect(inFlight).rejects.toMatchObject({ code: 'wire.disconnected', refusal: 'unavailable' });
    await begun.promise;
    line.cut();
    await refused;
    await expect(client.publish('nats.away', empty)).rejects.toMatchObject({ code: 'wire.disconnected' });
    const late = Promise.withResolvers<undefined>();
    const subscribing = client.subscribe('nats.back', () => late.resolve(undefined));
    line.mend();
    const ask = { body: Uint8Array.of(1), headers: {} };
    const isBack = (): Promise<boolean> => client.request('nats.away', ask, { timeout: 1_000 }).then(Boolean, () => false);
    while (!(await isBack())) await server.request('nats.away', ask, { timeout: 5_000 });
    await subscribing;
    await server.publish('nats.back', empty);
    await Promise.all([news.promise, late.promise]);
    await Promise.all([server.close(), client.close(), line.close()]);
  });

  it('reports a fault of a subscriber and goes on', async () => {
    const { promise: reported, resolve } = Promise.withResolvers<string>();
    const wire = await NatsWire.connect({ connection: { servers: url }, onFault: resolve });
    await wire.subscribe('nats.news', () => {
      throw new Error('broken');
    });
    await wire.publish('nats.news', empty);
    expect(await reported).toBe('a subscriber of "nats.news" failed');
    await wire.close();
  });
});

interface Line {
  readonly url: string;
  /** Breaks all connections, and lets none through. */
  cut(): void;
  mend(): void;
  close(): Promise<void>;
}

/** A way to the server that can be cut. */
async function openLine(to: string): Promise<Line> {
  const { hostname, port } = new URL(to);
  const sockets = new Set<Socket>();
  let isCut = false;
  const server = createServer((near) => {
    if (isCut) return near.destroy();
    const far = connect(Number(port), hostname);
    for (const [from, into] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.pipe(into);
      from.on('error', () => into.destroy());
      from.on('close', () => into.destroy());
    }
    return undefined;
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const cut = (): void => {
    isCut = true;
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: `nats://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut,
    mend: () => (isCut = false),
    close: async () => {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
