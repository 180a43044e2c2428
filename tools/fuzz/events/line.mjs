const PATIENCE = 60_000;

/** A connection that speaks the protocol of the sockets by hand, well or badly. */
export class Line {
  /** What was heard, but for pings. @type {string[]} */
  heard = [];
  closed = false;
  /** @type {() => void} */
  #look = () => undefined;

  /**
   * Opens one and enters a namespace, when a token is given.
   * @param {import('./ground.mjs').Ground} ground
   * @param {string} [token]
   */
  static async open(ground, token) {
    const url = new URL(`/socket.io/?EIO=4&transport=websocket`, ground.millrace.url);
    const line = new Line(new WebSocket(url.href.replace(/^http/, 'ws')));
    await line.until((heard) => heard.some((text) => text.startsWith('0')));
    if (token === undefined) return line;
    line.send(`40${ground.namespace},${JSON.stringify({ token })}`);
    await line.until((heard) => heard.some((text) => text.startsWith(`40${ground.namespace},`)));
    return line;
  }

  /** @param {WebSocket} socket */
  constructor(socket) {
    this.socket = socket;
    socket.addEventListener('message', ({ data }) => {
      if (data === '2') return this.send('3');
      this.heard.push(String(data));
      this.#look();
    });
    for (const end of ['close', 'error']) {
      socket.addEventListener(end, () => {
        this.closed = true;
        this.#look();
      });
    }
  }

  /** @param {string | Uint8Array<ArrayBuffer>} data */
  send(data) {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(data);
  }

  /**
   * Resolves when this holds of what was heard, or when the connection is closed.
   * @param {(heard: readonly string[]) => boolean} holds
   * @returns {Promise<void>}
   */
  async until(holds) {
    const { promise, resolve, reject } = Promise.withResolvers();
    const timer = setTimeout(() => reject(new Error(`neither an answer nor an end, but ${this.heard.slice(-5).join(' | ')}`)), PATIENCE);
    this.#look = () => (this.closed || holds(this.heard) ? resolve(undefined) : undefined);
    this.#look();
    await promise.finally(() => clearTimeout(timer));
  }

  leave() {
    this.socket.close();
  }
}
