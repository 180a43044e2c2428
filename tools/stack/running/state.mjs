import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readJson } from '../../launch/read-json.mjs';
import { alone } from '../lock.mjs';

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
  async note(name, running) {
    await this.#change('state.json', (before) => ({ ...before, [name]: running }));
  }

  /**
   * The ports that a server had when it ran last.
   * @param {string} name
   * @returns {number[]}
   */
  portsOf(name) {
    return /** @type {Record<string, number[]>} */ (this.#read('ports.json'))[name] ?? [];
  }

  /**
   * @param {string} name
   * @param {number[]} ports
   */
  async keepPorts(name, ports) {
    await this.#change('ports.json', (before) => ({ ...before, [name]: ports }));
  }

  /** @param {string} file */
  #read(file) {
    return readJson(join(this.#folder, file)) ?? {};
  }

  /**
   * One writer at a time, and in one step, so that a reader never sees half of it.
   * @param {string} file
   * @param {(before: object) => object} change
   */
  async #change(file, change) {
    const path = join(this.#folder, file);
    await alone(join(this.#folder, 'state.lock'), async () => {
      writeFileSync(`${path}.next`, `${JSON.stringify(change(this.#read(file)), null, 2)}\n`);
      renameSync(`${path}.next`, path);
    });
  }
}
