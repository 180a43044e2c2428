// What is compared with: a plain socket.io room. POST /say sends the body's event to the room of its kind; nothing is kept, nobody is asked
// who they are. Argument: the port.
import { createServer } from 'node:http';
import { Server } from 'socket.io';
import { bodyOf } from './body.mjs';

const http = createServer((request, response) => {
  if (request.method !== 'POST') {
    response.end('ready');
    return;
  }
  void bodyOf(request).then((body) => {
    const event = /** @type {{ kind: string }} */ (JSON.parse(body));
    server.to(event.kind).emit('event', { event });
    response.writeHead(201, { 'content-type': 'application/json' }).end('{}');
  });
});
const server = new Server(http, { serveClient: false, transports: ['websocket'], perMessageDeflate: false });

server.on('connection', (socket) => {
  for (const kind of [socket.handshake.query['kind']].flat()) void socket.join(String(kind));
});
http.listen(Number(process.argv[2]), '127.0.0.1');
