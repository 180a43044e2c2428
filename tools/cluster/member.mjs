import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { Halt } from '../launch/halt.mjs';
import { SERVICE } from '../launch/service.mjs';

const POLL = 100;
const BEFORE_AGAIN = 300;
/** Milliseconds from start to ready, on a busy machine. */
const PATIENCE = 240_000;
/** Longer than a service takes to drain. */
const GRACE = 35_000;
const TAIL = 30;

/**
 * One process of a service, started again when it ends by itself, as whoever runs containers does.
 */
export class Member {
  /** @type {import('node:child_process').ChildProcess | undefined} */
  child;
  ready = false;
  stopping = false;

  /**
   * @param {import('./plan.mjs').Planned} planned
   * @param {{ log: string, again: boolean, onChange: () => void }} options log: the file it writes to; again: whether it is started again
   */
  constructor(planned, options) {
    this.planned = planned;
    this.options = options;
  }

  get name() {
    return this.planned.name;
  }

  get adminUrl() {
    return `http://127.0.0.1:${this.planned.adminPort}`;
  }

  start() {
    const { service, env } = this.planned;
    const output = openSync(this.options.log, 'a');
    const child = spawn(process.execPath, [...SERVICE, `dist/apps/${service}/main.js`], {
      env: { PATH: process.env['PATH'], ...env },
      stdio: ['ignore', output, output],
    });
    closeSync(output);
    this.child = child;
    child.once('exit', () => void this.ended());
  }

  /** Comes back when it is ready; a Halt with the end of its log when it takes too long, or ends and is not started again. */
  async untilReady() {
    const end = performance.now() + PATIENCE;
    while (!(await this.answers())) {
      if (this.stopping) return;
      if (performance.now() > end) throw new Halt(this.tail('was not ready in time'));
      if (!this.options.again && this.child?.exitCode !== null) throw new Halt(this.tail('ended before it was ready'));
      await pause(POLL);
    }
    this.ready = true;
    this.options.onChange();
  }

  /** Asks it to drain and end, kills it when it takes too long; resolves with its exit code. */
  async stop() {
    this.stopping = true;
    const { child } = this;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null;
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), GRACE);
    await gone;
    clearTimeout(timer);
    return child.exitCode;
  }

  async ended() {
    this.ready = false;
    this.options.onChange();
    if (this.stopping || !this.options.again) return;
    await pause(BEFORE_AGAIN);
    await this.startAgain().catch((/** @type {unknown} */ error) => console.error(String(error)));
  }

  async startAgain() {
    if (this.stopping) return;
    this.start();
    await this.untilReady();
  }

  async answers() {
    try {
      return (await fetch(`${this.adminUrl}/readyz`, { signal: AbortSignal.timeout(5_000) })).ok;
    } catch {
      return false;
    }
  }

  /** @param {string} what */
  tail(what) {
    const lines = readFileSync(this.options.log, 'utf8').trimEnd().split('\n').slice(-TAIL);
    return [`${this.name} ${what}. The end of ${this.options.log}:`, ...lines].join('\n');
  }
}
