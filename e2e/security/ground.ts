import { readdirSync, readFileSync, statSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { MillraceClient } from '@millrace/client';
import { WorkspacesService } from '@millrace/contracts';
import { passwordToken, setGenerousLimits, startStandaloneProcess, temporaryFolder, type StandaloneProcess } from '@millrace/testing';

export const PASSWORD = 'a-password-for-tests';

/** How often a gateway is asked that has too much to do, and how many requests are under way at once. */
const PATIENCE = 1_000;
const AT_ONCE = 16;

/** An answer, whole. */
export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
}

export interface Asking {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string | Uint8Array;
}

/** A standalone for a battery: reached by raw requests, with its folder and what it printed at hand. */
export class Ground {
  private constructor(
    readonly millrace: StandaloneProcess,
    private readonly place: ReturnType<typeof temporaryFolder>,
  ) {}

  static async make(environment: Readonly<Record<string, string>> = {}): Promise<Ground> {
    const place = temporaryFolder();
    setGenerousLimits(place.path);
    return new Ground(await startStandaloneProcess({ folder: place.path, password: PASSWORD, environment }), place);
  }

  get url(): string {
    return this.millrace.url;
  }

  get folder(): string {
    return this.place.path;
  }

  token(username: string): Promise<string> {
    return passwordToken(`${this.url}/realms/millrace`, username, PASSWORD);
  }

  async as(username: string): Promise<MillraceClient> {
    const token = await this.token(username);
    return new MillraceClient({ url: this.url, token: () => token });
  }

  /** A workspace with these automations published, by their slugs; answers its id. */
  async workspace(owner: MillraceClient, automations: Readonly<Record<string, string>> = {}): Promise<string> {
    const { createWorkspace, putAutomation, publishVersion } = WorkspacesService.method;
    const { id } = await owner.call(createWorkspace, { name: 'Battery' });
    const workspaceId = id as string;
    for (const [slug, source] of Object.entries(automations)) await owner.call(putAutomation, { workspaceId, slug, source });
    if (Object.keys(automations).length > 0) await owner.call(publishVersion, { workspaceId });
    return workspaceId;
  }

  /**
   * Sends a request as it is written: nothing is put right on the way. `to`: a path, or a whole URL. A gateway that has too much to do on a
   * busy machine is asked again.
   */
  async ask(to: string, asking: Asking = {}): Promise<Answered> {
    for (let tries = 1; ; tries++) {
      const answer = await this.askOnce(to, asking);
      if (answer.status !== 503 || !answer.body.includes('gateway.overloaded') || tries === PATIENCE) return answer;
    }
  }

  /** Asks for all of it, a few at a time, and answers in the same order. */
  async askAll<T>(all: readonly T[], ask: (one: T) => Promise<Answered>): Promise<readonly Answered[]> {
    const answers: Answered[] = [];
    for (let at = 0; at < all.length; at += AT_ONCE) answers.push(...(await Promise.all(all.slice(at, at + AT_ONCE).map(ask))));
    return answers;
  }

  private askOnce(to: string, { method = 'GET', headers = {}, body }: Asking): Promise<Answered> {
    const { promise, resolve, reject } = Promise.withResolvers<Answered>();
    const origin = to.startsWith('/') ? this.url : new URL(to).origin;
    const { hostname, port } = new URL(origin);
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const all = { ...length, ...headers };
    const request = httpRequest({
      hostname,
      port,
      method,
      headers: all,
      agent: false,
      path: to.slice(to.startsWith('/') ? 0 : origin.length),
    });
    request.once('error', reject);
    request.once('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks).toString('utf8') }),
      );
    });
    request.end(body);
    return promise;
  }

  /** The files below its data folder that hold any of these texts, as `file: text`. */
  holding(texts: readonly string[]): readonly string[] {
    return files(this.folder).flatMap((file) => {
      const bytes = readFileSync(file);
      return texts.filter((text) => bytes.includes(text)).map((text) => `${file.slice(this.folder.length)}: ${text}`);
    });
  }

  async stop(): Promise<void> {
    await this.millrace.stop();
    this.place[Symbol.dispose]();
  }
}

function files(folder: string): readonly string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? files(path) : [path];
  });
}
