import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readJson } from '../../launch/read-json.mjs';

/**
 * What is known of a server that was started. `ready`: it was seen healthy.
 * @typedef {import('./processes.mjs').Started & { version: string, ready: boolean, settings: Record<string, string>, log: string }} Running
 */

/** What runs in a folder of the stack (`state.json`), and the addresses that are kept when nothing runs (`ports.json`). */
export class State {
  #folder;

  /** @param {string} folder */
  constructor(folder) {
    this.#folder = folder;
  }

  /** @returns {Record<string, Running>} by name of the server */
  running() {
    return /** @type {Record<string, Running>} */ (this.#read('state.json'));
  }

  /**
   * @param {string} name
   * @param {Running | undefined} running undefined: it does not run any more
   */
  note(name, running) {
    const { [name]: _before, ...others } = this.running();
    this.#write('state.json', running === undefined ? others : { ...others, [name]: running });
  }

  /**
   * The ports that a server had when it ran last.
   * @param {string} name
   * @returns {number[]}
   */
  portsOf(name) {
    return this.#ports()[name] ?? [];
  }

  /**
   * @param {string} name
   * @param {number[]} ports
   */
  keepPorts(name, ports) {
    this.#write('ports.json', { ...this.#ports(), [name]: ports });
  }

  #ports() {
    return /** @type {Record<string, number[]>} */ (this.#read('ports.json'));
  }

  /** @param {string} file */
  #read(file) {
    return readJson(join(this.#folder, file)) ?? {};
  }

  /**
   * In one step, so that a reader never sees half of it.
   * @param {string} file
   * @param {object} content
   */
  #write(file, content) {
    mkdirSync(this.#folder, { recursive: true });
    const path = join(this.#folder, file);
    writeFileSync(`${path}.next`, `${JSON.stringify(content, null, 2)}\n`);
    renameSync(`${path}.next`, path);
  }
}
