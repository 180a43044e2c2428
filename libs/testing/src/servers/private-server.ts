import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { temporaryFolder } from '../folders';

const STACK = fileURLToPath(new URL('../../../../tools/stack/stack.mjs', import.meta.url));

/** Milliseconds that a signal may take to reach all threads: one that writes to a busy disk hears it when that is done. */
const LONGEST_WAIT = 60_000;

interface Running {
  readonly pid: number;
  readonly settings: Readonly<Record<string, string>>;
}

/**
 * A server of the stack that belongs to one spec, which may kill, pause and start it again: on a folder of its own, at the same address
 * every time. Gone when it is disposed of.
 */
export class PrivateServer implements AsyncDisposable {
  private constructor(
    private readonly name: string,
    private readonly folder: ReturnType<typeof temporaryFolder>,
    private running: Running,
  ) {}

  /** `name` as `npm run stack` knows it. */
  static async start(name: string): Promise<PrivateServer> {
    const folder = temporaryFolder();
    return new PrivateServer(name, folder, await up(name, folder.path));
  }

  /** What a client is told, by the product's own variables. */
  setting(variable: string): string {
    return this.running.settings[variable] ?? '';
  }

  /** `kill -9`. Resolves when nothing of it runs any more. */
  kill(): Promise<void> {
    return this.signal('SIGKILL', 'ZX');
  }

  /** It stands still, its connections open; nothing of it answers. Resolves when the last of its threads has stopped. */
  pause(): Promise<void> {
    return this.signal('SIGSTOP', 'T');
  }

  resume(): void {
    process.kill(this.running.pid, 'SIGCONT');
  }

  /** Asks it to end; what it keeps is whole then. */
  async stop(): Promise<void> {
    await stack('down', this.name, '--folder', this.folder.path);
  }

  /** Where it keeps everything, to be copied and replaced while it is stopped. */
  get data(): string {
    return join(this.folder.path, this.name);
  }

  /** Starts it anew on what it left behind; resolves when it answers. */
  async start(): Promise<void> {
    this.running = await up(this.name, this.folder.path);
  }

  /** A signal reaches the threads on other cores a moment later: waits until all are in one of these states of `/proc`. Throws when they never are. */
  private async signal(signal: NodeJS.Signals, states: string): Promise<void> {
    const { pid } = this.running;
    process.kill(pid, signal);
    const last = performance.now() + LONGEST_WAIT;
    const others = (): readonly string[] => statesOf(pid).filter((state) => !states.includes(state));
    while (others().length > 0) {
      if (performance.now() > last)
        throw new Error(`${this.name}, process ${pid}, has threads in the states ${others().join()} after ${signal}.`);
      await setImmediate();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    this.folder[Symbol.dispose]();
  }
}

/** What each thread of a process does; empty when it is gone. */
function statesOf(pid: number): readonly string[] {
  const threads = `/proc/${pid}/task`;
  try {
    return readdirSync(threads).map((thread) => {
      const stat = readFileSync(`${threads}/${thread}/stat`, 'utf8');
      // The second field is a name in parentheses that may hold anything.
      return stat.charAt(stat.lastIndexOf(')') + 2);
    });
  } catch {
    return existsSync(threads) ? statesOf(pid) : [];
  }
}

async function up(name: string, folder: string): Promise<Running> {
  const all = JSON.parse(await stack('up', name, '--folder', folder, '--json')) as Readonly<Record<string, Running>>;
  const running = all[name];
  if (running === undefined) throw new Error(`The stack says nothing of ${name}.`);
  return running;
}

async function stack(...words: readonly string[]): Promise<string> {
  return (await promisify(execFile)(process.execPath, [STACK, ...words])).stdout;
}
