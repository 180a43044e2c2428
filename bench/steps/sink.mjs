// What steps fetch from: answers at once with a little JSON. Argument: the port.
import { createServer } from 'node:http';

const ANSWER = JSON.stringify({ ok: true });

createServer((request, response) => {
  request.resume();
  request.once('end', () => response.writeHead(200, { 'content-type': 'application/json', 'content-length': ANSWER.length }).end(ANSWER));
}).listen(Number(process.argv[2]), '127.0.0.1');
