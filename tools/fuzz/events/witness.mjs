import { io } from 'socket.io-client';

const PATIENCE = 60_000;

/** @typedef {{ id: string, type: string, payload?: unknown }} Shown */

/** Somebody who follows all of a workspace while others misbehave: never cut off, and shown every event. */
export class Witness {
  /** How often the connection was lost. */
  losses = 0;
  /** @type {Map<string, Shown>} */
  #seen = new Map();
  /** @type {() => void} */
  #look = () => undefined;

  /**
   * Resolves when it follows.
   * @param {string} url of the events of the workspace
   * @param {string} authorization
   */
  static async at(url, authorization) {
    const socket = io(url, { transports: ['websocket'], forceNew: true, extraHeaders: { authorization } });
    const witness = new Witness(socket);
    await new Promise((resolve, reject) => socket.once('connect', () => resolve(undefined)).once('connect_error', reject));
    await socket.timeout(PATIENCE).emitWithAck('subscribe', { id: 'all', types: ['>'] });
    return witness;
  }

  /** @param {import('socket.io-client').Socket} socket */
  constructor(socket) {
    this.socket = socket;
    socket.on('disconnect', () => (this.losses += 1));
    socket.on('event', (/** @type {{ event: Shown }} */ { event }) => {
      this.#seen.set(event.id, event);
      this.#look();
    });
  }

  /**
   * Resolves with an event when it has come; throws when it does not.
   * @param {string} id
   * @returns {Promise<Shown>}
   */
  async shown(id) {
    const { promise, resolve, reject } = Promise.withResolvers();
    const timer = setTimeout(
      () => reject(new Error(`the witness was not shown ${id}, and lost its connection ${this.losses} times`)),
      PATIENCE,
    );
    this.#look = () => (this.#seen.has(id) ? resolve(undefined) : undefined);
    this.#look();
    await promise.finally(() => clearTimeout(timer));
    const event = /** @type {Shown} */ (this.#seen.get(id));
    this.#seen.delete(id);
    return event;
  }

  leave() {
    this.socket.disconnect();
  }
}
