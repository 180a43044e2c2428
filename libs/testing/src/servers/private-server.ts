import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { temporaryFolder } from '../folders';

const STACK = fileURLToPath(new URL('../../../../tools/stack/stack.mjs', import.meta.url));

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

  /** `kill -9`. */
  kill(): void {
    process.kill(this.running.pid, 'SIGKILL');
  }

  /** It stands still, its connections open; nothing of it answers. */
  pause(): void {
    process.kill(this.running.pid, 'SIGSTOP');
  }

  resume(): void {
    process.kill(this.running.pid, 'SIGCONT');
  }

  /** Starts it anew on what it left behind; resolves when it answers. */
  async start(): Promise<void> {
    this.running = await up(this.name, this.folder.path);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await stack('down', this.name, '--folder', this.folder.path);
    this.folder[Symbol.dispose]();
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
