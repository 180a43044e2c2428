import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { NO_LIMITS } from './no-limits';

const MAIN = fileURLToPath(new URL('../../../dist/apps/standalone/main.js', import.meta.url));
const READY = /Millrace listens at (\S+)/;

export interface StandaloneOptions {
  /** Data folder; the caller removes it. */
  readonly folder: string;
  /** Password of the demo users. */
  readonly password: string;
  /** Ports to use again after a restart; free ones when absent. */
  readonly ports?: Ports;
  readonly environment?: Readonly<Record<string, string>>;
  /** The program; the built standalone when absent. */
  readonly main?: string;
}

export interface Ports {
  readonly http: number;
  readonly admin: number;
}

/** A Millrace of its own process. */
export interface StandaloneProcess {
  readonly url: string;
  readonly adminUrl: string;
  readonly ports: Ports;
  /** Of the process. */
  readonly pid: number;
  /** What it printed so far. */
  output(): string;
  /** Ends it as a machine would: nothing is flushed, nobody is told. */
  kill(): Promise<void>;
  /** Asks it to drain and end; resolves with its exit code. */
  stop(): Promise<number | null>;
}

/**
 * Starts the built standalone and resolves when it says that it listens. Rejects with what it printed when it ends before. Nobody is
 * limited, unless the environment names another `MILLRACE_GATEWAY_FILE` (empty: that of the folder).
 */
export async function startStandaloneProcess(options: StandaloneOptions): Promise<StandaloneProcess> {
  const ports = options.ports ?? { http: await freePort(), admin: await freePort() };
  const url = `http://127.0.0.1:${ports.http}`;
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', '--enable-source-maps', options.main ?? MAIN], {
    env: {
      PATH: process.env['PATH'],
      MILLRACE_DATA: options.folder,
      MILLRACE_PORT: String(ports.http),
      MILLRACE_ADMIN_PORT: String(ports.admin),
      MILLRACE_PUBLIC_URL: url,
      MILLRACE_FIRST_PASSWORD: options.password,
      MILLRACE_GATEWAY_FILE: NO_LIMITS,
      ...options.environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = await listening(child);
  return {
    url,
    adminUrl: `http://127.0.0.1:${ports.admin}`,
    ports,
    pid: child.pid ?? 0,
    output,
    kill: () => end(child, 'SIGKILL').then(() => undefined),
    stop: () => end(child, 'SIGTERM'),
  };
}

/** A loopback port that nobody listens on at the moment. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function listening(child: ChildProcess): Promise<() => string> {
  let text = '';
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const take = (chunk: Buffer): void => {
    text += chunk.toString('utf8');
    if (READY.test(text)) resolve();
  };
  child.stdout?.on('data', take);
  child.stderr?.on('data', take);
  child.once('error', reject);
  child.once('exit', (code) => reject(new Error(`Standalone ended with ${code} before it listened:\n${text}`)));
  await promise;
  return () => text;
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const gone = once(child, 'exit');
  child.kill(signal);
  await gone;
  return child.exitCode;
}
