import { once } from 'node:events';
import { connect } from 'node:net';
import fc from 'fast-check';

/** @typedef {import('./ground.mjs').Ground} Ground */

const GREETING = (/** @type {string} */ host, /** @type {string} */ query) =>
  `GET /socket.io/?${query} HTTP/1.1\r\nhost: ${host}\r\nupgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-version: 13\r\nsec-websocket-key: ZnV6emVkIGFzIGl0IGlzLg==\r\n\r\n`;
const QUERIES = [
  'EIO=4&transport=websocket',
  'EIO=3&transport=websocket',
  'EIO=4&transport=webtransport',
  'EIO=4&transport=websocket&sid=x',
  'transport=__proto__',
  '',
];
const LENGTHS = [0, 1, 125, 126, 127];

const frame = fc
  .record({
    /** End of the message, three bits that mean nothing here, kind of the frame. */
    first: fc.oneof(fc.nat(255), fc.constantFrom(0x81, 0x82, 0x01, 0x80, 0x88, 0x89)),
    isMasked: fc.boolean(),
    length: fc.constantFrom(...LENGTHS),
    bytes: fc.uint8Array({ maxLength: 40 }),
  })
  .map(({ first, isMasked, length, bytes }) => Buffer.concat([Buffer.from([first, length + (isMasked ? 128 : 0)]), bytes]));

/**
 * Bytes that are no frames, or frames that nobody may send: this connection ends, and nobody else notices.
 * @param {Ground} ground
 */
export function frames(ground) {
  const query = fc.oneof({ weight: 6, arbitrary: fc.constant(QUERIES[0] ?? '') }, fc.constantFrom(...QUERIES));
  return fc.asyncProperty(query, fc.array(frame, { minLength: 1, maxLength: 4 }), async (asked, all) => {
    const socket = connect(ground.millrace.ports.http, '127.0.0.1');
    // It may be cut off at any time: that is what is wanted.
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    socket.write(GREETING(new URL(ground.millrace.url).host, asked));
    await once(socket, 'data');
    socket.resume();
    for (const bytes of all) socket.write(bytes);
    await ground.isWell();
    socket.destroy();
  });
}
