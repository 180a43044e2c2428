import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { serviceBench, type ServiceBench } from '@millrace/testing';
import { Server, type Namespace } from 'socket.io';
import { neighbours } from '../../testing/neighbours';
import { eventsService } from '../index';

type Attach = (this: Server, ...asked: Parameters<Server['attach']>) => Server;

const attach = Reflect.get(Server.prototype, 'attach') as Attach;
const servers: Server[] = [];

let bench: ServiceBench;
let server: Server;
let address: string;

beforeAll(async () => {
  // Nothing but the server of the sockets itself tells what it holds.
  Reflect.set(Server.prototype, 'attach', function (this: Server, ...asked: Parameters<Attach>) {
    servers.push(this);
    return attach.apply(this, asked);
  });
  bench = await serviceBench(neighbours, eventsService({}));
  [server] = servers as [Server];
  const [entry] = await (await bench.platform.keyValue.bucket('instances')).list('events.');
  ({ address } = JSON.parse(new TextDecoder().decode(entry?.value)) as { address: string });
});

afterAll(async () => {
  Reflect.set(Server.prototype, 'attach', attach);
  await bench[Symbol.asyncDispose]();
});

describe('a client that goes before it is let in', () => {
  let client: WebSocket;
  let made: Promise<Namespace>;

  beforeEach(async () => {
    made = new Promise((resolve) => server.once('new_namespace', resolve));
    client = new WebSocket(`ws://${address}/socket.io/?EIO=4&transport=websocket`);
    await new Promise((resolve) => client.addEventListener('message', resolve, { once: true }));
  });

  afterEach(() => client.close());

  it.each(['hotel', 'nowhere'])('leaves nothing of the namespace of %s', async (workspace) => {
    client.send(`40/v1/workspaces/${workspace}/events,{"token":"ada"}`);
    client.close();
    const { name } = await made;
    while (server._nsps.has(name)) await fetch(`http://${address}/`);
    expect([...server._nsps.keys()]).toEqual(['/']);
  });
});
