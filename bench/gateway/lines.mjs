import { connect } from 'node:net';

const HEAD_END = '\r\n\r\n';
const LENGTH = /\r\ncontent-length: (\d+)/i;

/**
 * Connections that cost whoever sends next to nothing: each carries one request at a time, always the same one, and reads of the answer
 * its status and where it ends.
 */
export class Lines {
  /** @type {Line[]} */
  #free = [];

  /**
   * @param {string} url
   * @param {string} request the whole request, as it is sent
   */
  constructor(url, request) {
    const { hostname, port } = new URL(url);
    this.address = { host: hostname, port: Number(port) };
    this.request = request;
  }

  /** Opens so many more. @param {number} count */
  async open(count) {
    const lines = Array.from({ length: count }, () => new Line(this.address, (line) => this.#free.push(line)));
    await Promise.all(lines.map((line) => line.opened));
    this.#free.push(...lines);
  }

  /** Sends the request and resolves with the status of its answer, 0 when none came; undefined: all connections are taken. */
  send() {
    return this.#free.pop()?.send(this.request);
  }

  close() {
    for (const line of this.#free.splice(0)) line.close();
  }
}

class Line {
  #answer = '';
  #resolve = (/** @type {number} */ _status) => {};

  /**
   * @param {{ host: string, port: number }} address
   * @param {(line: Line) => void} onFree
   */
  constructor(address, onFree) {
    this.onFree = onFree;
    this.socket = connect(address).setNoDelay(true).setEncoding('latin1');
    this.opened = new Promise((resolve, reject) => this.socket.once('connect', resolve).once('error', reject));
    this.socket.on('data', (/** @type {string} */ text) => this.#take(text));
    this.socket.on('error', () => this.socket.destroy());
    this.socket.on('close', () => this.#resolve(0));
  }

  /** @param {string} request */
  send(request) {
    return new Promise((/** @type {(status: number) => void} */ resolve) => {
      this.#resolve = resolve;
      if (this.socket.destroyed) resolve(0);
      else this.socket.write(request);
    });
  }

  close() {
    this.socket.destroy();
  }

  /** @param {string} text */
  #take(text) {
    this.#answer += text;
    const head = this.#answer.indexOf(HEAD_END);
    if (head === -1) return;
    const length = Number(LENGTH.exec(this.#answer.slice(0, head))?.[1] ?? 0);
    if (this.#answer.length < head + HEAD_END.length + length) return;
    const status = Number(this.#answer.slice(9, 12));
    this.#answer = '';
    this.onFree(this);
    this.#resolve(status);
  }
}
