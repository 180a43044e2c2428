// What is compared with: the least that carries an event from a POST over NATS to WebSockets. No rights, no filter but the subject, nothing
// kept. Arguments: the port, the address of NATS.
import { createServer } from 'node:http';
import { connect } from '@nats-io/transport-node';
import { WebSocketServer } from 'ws';
import { bodyOf } from './body.mjs';

const [port, address = ''] = process.argv.slice(2);
const nats = await connect({ servers: address });
const http = createServer((request, response) => {
  if (request.method !== 'POST') {
    response.end('ready');
    return;
  }
  void bodyOf(request).then((body) => {
    const { kind } = /** @type {{ kind: string }} */ (JSON.parse(body));
    nats.publish(`said.${kind}`, body);
    response.writeHead(201, { 'content-type': 'application/json' }).end('{}');
  });
});
const sockets = new WebSocketServer({ server: http, perMessageDeflate: false });
/** @type {Map<string, Set<import('ws').WebSocket>>} */
const byKind = new Map();

sockets.on('connection', (socket, { url }) => {
  const kind = new URL(url ?? '/', 'http://relay').searchParams.get('kind') ?? '';
  const listeners = byKind.get(kind) ?? new Set();
  byKind.set(kind, listeners.add(socket));
  socket.on('close', () => listeners.delete(socket));
});
nats.subscribe('said.*', {
  callback: (_error, message) => {
    const text = message.string();
    for (const socket of byKind.get(message.subject.slice('said.'.length)) ?? []) socket.send(text);
  },
});
http.listen(Number(port), '127.0.0.1');
