// What is compared with: the least that carries an event from a POST over NATS to WebSockets. No rights, no filter but the subject, nothing
// kept, nothing read of what clients say. Arguments: the port, the address of NATS.
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { connect } from '@nats-io/transport-node';
import { bodyOf } from './body.mjs';

/** What the protocol puts behind the key of a client (RFC 6455). */
const SUFFIX = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

const [port, address = ''] = process.argv.slice(2);
const nats = await connect({ servers: address });
/** @type {Map<string, Set<import('node:stream').Duplex>>} */
const byKind = new Map();
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

http.on('upgrade', ({ url, headers }, socket) => {
  const accept = createHash('sha1').update(`${headers['sec-websocket-key']}${SUFFIX}`).digest('base64');
  socket.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`);
  const kind = new URL(url ?? '/', 'http://relay').searchParams.get('kind') ?? '';
  const listeners = byKind.get(kind) ?? new Set();
  byKind.set(kind, listeners.add(socket));
  socket.on('close', () => listeners.delete(socket)).on('error', () => socket.destroy());
  socket.resume().on('end', () => socket.end());
});
nats.subscribe('said.*', {
  callback: (_error, { subject, data }) => {
    const head = Buffer.from([0x81, 126, data.length >> 8, data.length & 0xff]);
    const frame = Buffer.concat([head, data]);
    for (const socket of byKind.get(subject.slice('said.'.length)) ?? []) socket.write(frame);
  },
});
http.listen(Number(port), '127.0.0.1');
