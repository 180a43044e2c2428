import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mongo } from 'mongoose';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server as TcpServer, type Socket } from 'node:net';
import { Server } from './server';

const OP_QUERY = 2004;
const OP_REPLY = 1;
const OP_MSG = 2013;
const ANSWER = mongo.BSON.serialize({
  ...{ ok: 1, isWritablePrimary: true, minWireVersion: 0, maxWireVersion: 9 },
  cursor: { id: mongo.Long.ZERO, ns: 'spec.$cmd.listCollections', firstBatch: [] },
});

/** Speaks as much as a question for the collections needs. At the first such question it closes all connections, the oldest first. */
class Restarting {
  private readonly open = new Set<Socket>();
  private restarted = false;
  private readonly server: TcpServer = createServer((socket) => {
    this.open.add(socket);
    let heard = Buffer.alloc(0);
    socket.on('close', () => this.open.delete(socket));
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => {
      heard = Buffer.concat([heard, bytes]);
      while (heard.length >= 4 && heard.length >= heard.readInt32LE(0)) {
        const length = heard.readInt32LE(0);
        this.hear(socket, heard.subarray(0, length));
        heard = heard.subarray(length);
      }
    });
  });

  async start(): Promise<string> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return `mongodb://127.0.0.1:${(this.server.address() as AddressInfo).port}/?minHeartbeatFrequencyMS=1`;
  }

  stop(): void {
    this.server.close();
    this.end();
  }

  private hear(socket: Socket, message: Buffer): void {
    if (this.restarted || !message.includes('listCollections')) {
      socket.write(answerTo(message));
      return;
    }
    this.restarted = true;
    this.end();
  }

  private end(): void {
    for (const socket of this.open) socket.destroy();
  }
}

function answerTo(message: Buffer): Buffer {
  const asked = message.readInt32LE(12) === OP_QUERY;
  const head = Buffer.alloc(asked ? 36 : 21);
  head.writeInt32LE(head.length + ANSWER.length, 0);
  head.writeInt32LE(message.readInt32LE(4), 8);
  head.writeInt32LE(asked ? OP_REPLY : OP_MSG, 12);
  if (asked) head.writeInt32LE(1, 32);
  return Buffer.concat([head, ANSWER]);
}

describe('Server', () => {
  const restarting = new Restarting();
  let server: Server;

  beforeEach(async () => {
    server = await Server.connect({ url: await restarting.start(), database: 'spec', patience: 1_000 });
  });

  afterEach(async () => {
    await server.close(() => Promise.resolve());
    restarting.stop();
  });

  // The driver hears of the end of the connection it asked on while the one it checks the server on is closed and has not said so yet.
  it('finds its server again whose connections all ended at once', async () => {
    let answers: readonly string[] | undefined;
    for (let asked = 0; answers === undefined && asked < 20; asked++) {
      answers = await server.use(() => server.collections()).catch(() => undefined);
    }
    expect(answers).toEqual([]);
  }, 60_000);
});
