import { once } from 'node:events';
import { connect, createServer } from 'node:net';

/** @typedef {import('node:net').Socket} Socket */

/** A way to a Millrace that can be cut, and on which a client can be made to read nothing: neither of the two ends takes part in it. */
export class Passage {
  /** Connections with the Millrace, in the order in which they were opened. @type {Set<Socket>} */
  #open = new Set();
  #server = createServer({ noDelay: true }, (near) => this.#lead(near));
  #port;

  /**
   * Opens one to a port of this machine.
   * @param {() => number} behind
   */
  static async to(behind) {
    const passage = new Passage(behind);
    passage.#server.listen(0, '127.0.0.1');
    await once(passage.#server, 'listening');
    return passage;
  }

  /** @param {() => number} behind */
  constructor(behind) {
    this.#port = behind;
  }

  get url() {
    const address = this.#server.address();
    return `http://127.0.0.1:${typeof address === 'object' ? (address?.port ?? 0) : 0}`;
  }

  /** How many connections are open. */
  get width() {
    return this.#open.size;
  }

  /** Cuts every connection that is open, at once; who comes back is let through. */
  cut() {
    for (const far of this.#open) far.destroy();
  }

  /** Takes nothing any more from the Millrace on any connection that is open; who comes later is let through. */
  stop() {
    for (const far of this.#open) far.unpipe().pause();
  }

  /** @returns {Promise<void>} */
  async close() {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.cut();
    await closed;
  }

  /** @param {Socket} near */
  #lead(near) {
    const far = connect({ port: this.#port(), host: '127.0.0.1', noDelay: true });
    this.#open.add(far);
    near.pipe(far).pipe(near);
    for (const [one, other] of /** @type {const} */ ([
      [near, far],
      [far, near],
    ])) {
      one.on('error', () => one.destroy());
      one.once('close', () => other.destroy());
    }
    far.once('close', () => this.#open.delete(far));
  }
}
