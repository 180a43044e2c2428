import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { MillraceClient } from '@millrace/client';
import { temporaryFolder } from '../folders';
import { NO_LIMITS } from '../no-limits';
import { KeycloakRealm } from '../servers/keycloak-realm';
import { PrivateServer } from '../servers/private-server';
import { stackSetting } from '../servers/stack-setting';
import { signedIn } from '../sign-in';
import { dropHistory, removeInstallation } from './installation';

const CLUSTER = fileURLToPath(new URL('../../../../tools/cluster/cluster.mjs', import.meta.url));
const PASSWORD = 'a-password-for-tests';
/** Milliseconds for a process to come up again, on a busy machine. */
const PATIENCE = 100_000;
/** Characters that are told of the end of a log. */
const SHOWN = 1_000;
const SHARED = ['MONGODB_URL', 'ELASTICSEARCH_URL', 'S3_URL', 'S3_ACCESS_KEY', 'S3_SECRET_KEY'].map((name) => `MILLRACE_${name}`);
const OF_NATS = ['GATEWAY', 'WORKSPACES', 'EVENTS', 'RUNTIME', 'SETUP'].map((user) => `MILLRACE_NATS_${user}_PASSWORD`);

export interface ClusterOptions {
  /** How many processes of which service, as `npm run cluster -- --instances` reads it; the usual ones when absent. */
  readonly instances?: string;
  /** Settings of every process. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Where gateways reach Keycloak; where everybody does when absent. */
  readonly keycloak?: string;
}

/** One process of the cluster, as it was heard of last. */
export interface ClusterMember {
  readonly name: string;
  readonly service: string;
  readonly pid: number;
  readonly adminUrl: string;
  readonly ready: boolean;
}

interface Told {
  readonly url: string;
  readonly members: readonly ClusterMember[];
}

interface Ground {
  readonly nats: PrivateServer;
  readonly realm: KeycloakRealm;
  readonly installation: string;
  readonly folder: ReturnType<typeof temporaryFolder>;
}

/**
 * A Millrace of many processes that belongs to one spec: with a NATS server and a realm of its own, and under a name of its own on the
 * other servers of the stack. Whatever process ends is started again. Gone, with all it kept, when it is disposed of.
 */
export class ClusterProcess implements AsyncDisposable {
  private readonly changes = new EventEmitter();
  private told: Told = { url: '', members: [] };
  private errors = '';

  private child: ChildProcess;

  private constructor(
    private readonly begin: () => ChildProcess,
    private readonly ground: Ground,
  ) {
    this.child = this.spawned();
  }

  /** Resolves when every process is ready. Rejects with what the cluster printed when it ends before. */
  static async start({ instances = '', environment = {}, keycloak }: ClusterOptions = {}): Promise<ClusterProcess> {
    const [nats, realm] = await Promise.all([PrivateServer.start('nats'), realmOfTests()]);
    const ground = { nats, realm, installation: `test-${randomUUID().slice(0, 8)}`, folder: temporaryFolder() };
    const words = [
      '--port',
      '0',
      '--json',
      '--instances',
      instances,
      '--installation',
      ground.installation,
      '--folder',
      ground.folder.path,
    ];
    const env = {
      PATH: process.env['PATH'],
      ...Object.fromEntries(SHARED.map((name) => [name, stackSetting(name)])),
      ...Object.fromEntries(['MILLRACE_NATS_URL', 'MILLRACE_NATS_MONITOR_URL', ...OF_NATS].map((name) => [name, nats.setting(name)])),
      MILLRACE_ISSUER_URL: realm.issuerUrl,
      ...(keycloak === undefined ? {} : { MILLRACE_ISSUER_KEYS_URL: keysAt(keycloak, realm.issuerUrl) }),
      MILLRACE_CONSOLE_SECRET: await realm.secretOf('millrace-console'),
      MILLRACE_GATEWAY_SECRET: await realm.secretOf('millrace-gateway'),
      MILLRACE_GATEWAY_FILE: NO_LIMITS,
      ...environment,
    };
    const program = ['--disable-warning=ExperimentalWarning', CLUSTER, ...words];
    const begin = () => spawn(process.execPath, program, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    const cluster = new ClusterProcess(begin, ground);
    try {
      await cluster.allReady();
      return cluster;
    } catch (error) {
      const ends = [...cluster.logs()].map(([name, text]) => `${name}: ${text.slice(-SHOWN)}`);
      await cluster[Symbol.asyncDispose]();
      throw new Error(['The cluster did not become ready. It said:', cluster.errors, ...ends].join('\n'), { cause: error });
    }
  }

  get url(): string {
    return this.told.url;
  }

  /** The NATS server that only this cluster uses. */
  get nats(): PrivateServer {
    return this.ground.nats;
  }

  /** What a journey is told, to go through this cluster. */
  get settings(): Readonly<Record<string, string>> {
    return { MILLRACE_URL: this.url, MILLRACE_ISSUER_URL: this.ground.realm.issuerUrl, MILLRACE_FIRST_PASSWORD: PASSWORD };
  }

  /** The processes of a service. */
  members(service: string): readonly ClusterMember[] {
    return this.told.members.filter((member) => member.service === service);
  }

  /** A process by its name, such as `runtime-1`. */
  member(name: string): ClusterMember {
    const found = this.told.members.find((member) => member.name === name);
    if (found === undefined) throw new Error(`The cluster has no ${name}.`);
    return found;
  }

  as(username: string): Promise<MillraceClient> {
    return signedIn(this.url, username, PASSWORD, this.ground.realm.issuerUrl);
  }

  /** Sends a signal to one process; `SIGKILL` ends it as a machine would. */
  signal(name: string, signal: NodeJS.Signals): void {
    process.kill(this.member(name).pid, signal);
  }

  /** Kills a process; resolves when another one has taken its place and is ready. */
  async kill(name: string): Promise<void> {
    const { pid } = this.member(name);
    process.kill(pid, 'SIGKILL');
    await this.until(() => this.member(name).pid !== pid && this.member(name).ready);
  }

  /** Asks all to drain and end; resolves with the exit code of the command, and what it had to say. */
  async stop(): Promise<{ readonly code: number | null; readonly said: string }> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const gone = once(this.child, 'exit');
      this.child.kill('SIGTERM');
      await gone;
    }
    return { code: this.child.exitCode, said: this.errors };
  }

  /** Starts all again, at another address, on what the servers have; after `stop`. */
  async startAgain(): Promise<void> {
    this.told = { url: '', members: [] };
    this.child = this.spawned();
    await this.allReady();
  }

  /** The history is empty, as on another server; while all is stopped. */
  loseHistory(): Promise<void> {
    return dropHistory(`millrace-${this.ground.installation}`);
  }

  /** What each process has written so far, by its name. */
  logs(): ReadonlyMap<string, string> {
    const { path } = this.ground.folder;
    const files = readdirSync(path, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.log'));
    return new Map(files.map((file) => [basename(file, '.log'), readFileSync(join(path, file), 'utf8')]));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    const { nats, realm, installation, folder } = this.ground;
    await Promise.all([nats[Symbol.asyncDispose](), realm[Symbol.asyncDispose](), removeInstallation(`millrace-${installation}`)]);
    folder[Symbol.dispose]();
  }

  private spawned(): ChildProcess {
    const child = this.begin();
    child.stderr?.on('data', (chunk: Buffer) => (this.errors += chunk.toString('utf8')));
    if (child.stdout !== null) createInterface(child.stdout).on('line', (line) => this.hear(line));
    child.once('exit', () => this.changes.emit('change'));
    return child;
  }

  private allReady(): Promise<void> {
    return this.until(({ members }) => members.length > 0 && members.every(({ ready }) => ready));
  }

  private hear(line: string): void {
    this.told = JSON.parse(line) as Told;
    this.changes.emit('change');
  }

  private async until(holds: (told: Told) => boolean): Promise<void> {
    const signal = AbortSignal.timeout(PATIENCE);
    while (!holds(this.told)) {
      if (this.child.exitCode !== null) throw new Error(`The cluster ended with ${this.child.exitCode}:\n${this.errors}`);
      await once(this.changes, 'change', { signal });
    }
  }
}

/** Where the keys of an issuer are that is reached at another origin. */
function keysAt(reached: string, issuer: string): string {
  return new URL(`${new URL(issuer).pathname}/protocol/openid-connect/certs`, reached).href;
}

/** The realm, with people who may sign in by password alone: no test has a browser for each of them. */
async function realmOfTests(): Promise<KeycloakRealm> {
  const realm = await KeycloakRealm.create();
  await realm.changeClient('millrace-cli', { directAccessGrantsEnabled: true });
  for (const person of ['ada', 'bob']) await realm.setPassword(person, PASSWORD);
  return realm;
}
