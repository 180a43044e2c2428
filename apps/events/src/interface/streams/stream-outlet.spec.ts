import { once } from 'node:events';
import { createServer, get, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DomainError } from '@millrace/kernel';
import { VirtualTime } from '@millrace/testing';
import { StreamOutlet } from './stream-outlet';

const UNREAD = 60_000;
/** More than the buffers between a server and a client that does not read. */
const TEXT = { json: JSON.stringify('x'.repeat(32 * 1024 * 1024)) };

describe('a stream', () => {
  const time = new VirtualTime(0);
  let server: Server;
  let outlet: StreamOutlet;
  let answer: IncomingMessage;
  let begin: () => Promise<void>;

  beforeEach(async () => {
    server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const asked = get({ port: (server.address() as AddressInfo).port, host: '127.0.0.1' });
    const [, response] = (await once(server, 'request')) as [IncomingMessage, ServerResponse];
    outlet = new StreamOutlet('est_1', response, { clock: time, unread: UNREAD, positionOf: String });
    begin = async () => {
      outlet.open('log-1');
      [answer] = (await once(asked, 'response')) as [IncomingMessage];
    };
  });

  afterEach(async () => {
    answer.destroy();
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });

  const deliver = (): void => outlet.deliver({ n: 1, subs: ['stream'], offset: 2n, text: TEXT, event: {} as never });

  it('that ends before it has begun is one all the same, with the reason', async () => {
    outlet.end(new DomainError('events.rights_changed', 'unauthenticated', 'Come back.'));
    await begin();
    const text = Buffer.concat(await Array.fromAsync(answer as AsyncIterable<Buffer>)).toString();
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, expect.stringContaining('text/event-stream')]);
    expect(text).toMatch(/^event: problem\ndata: .*events\.rights_changed.*\n\n$/);
  });

  it('that nobody reads ends after a while, with the position to go on from', async () => {
    await begin();
    deliver();
    time.jump(UNREAD);
    outlet.beat('log-1');
    expect(outlet.ended).toBeUndefined();
    time.jump(1);
    outlet.beat('log-1');
    expect(outlet.ended).toBe('events.slow');
  });

  it('goes on while its client takes something, however little happens', async () => {
    await begin();
    deliver();
    time.jump(UNREAD);
    let length = 0;
    for await (const chunk of answer) {
      length += (chunk as Buffer).length;
      if (length > TEXT.json.length) break;
    }
    time.jump(UNREAD + 1);
    outlet.beat('log-2');
    expect(outlet.ended).toBeUndefined();
  });
});
