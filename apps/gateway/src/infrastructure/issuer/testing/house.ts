import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer, get, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TokenVerifier, type Identity } from '@millrace/auth';
import { SqliteDocuments } from '@millrace/documents';
import { Clock, Ids } from '@millrace/kernel';
import { SqliteKeyValue } from '@millrace/messaging';
import { FormBrowser, type Shown } from '@millrace/testing';
import { EmbeddedIssuer, type EmbeddedIssuerOptions } from '../index';

export const REALM = join(import.meta.dirname, '../../../../../../keycloak/millrace-realm.json');
export const PASSWORD = 'a mill by the lake';
export const CALLBACK = 'http://127.0.0.1:53682/callback';
export const SCOPE = 'openid profile email';

const SIGN_IN_END = '/protocol/openid-connect/token';

export type Answer = Readonly<Record<string, unknown>>;

/** An embedded issuer behind a real server on a free loopback port, with its stores in a folder of its own. */
export class House {
  readonly clock = new MachineClock();
  readonly faults: unknown[] = [];
  issuer!: EmbeddedIssuer;
  private stores?: { readonly keyValue: SqliteKeyValue; readonly documents: SqliteDocuments };

  private constructor(
    private readonly server: Server,
    private readonly folder: string,
    readonly origin: string,
  ) {}

  static async build(): Promise<House> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const house = new House(server, await mkdtemp(join(tmpdir(), 'millrace-issuer-')), `http://127.0.0.1:${port}`);
    server.on('request', (request, response) => {
      house.issuer.handle(request, response);
    });
    return house;
  }

  get issuerUrl(): string {
    return `${this.origin}/realms/millrace`;
  }

  /** Starts the issuer on what the folder holds. */
  async open(more: Partial<EmbeddedIssuerOptions> = {}): Promise<void> {
    const { clock, issuerUrl } = this;
    const keyValue = new SqliteKeyValue({ file: join(this.folder, 'key-value.db'), clock });
    const documents = await SqliteDocuments.open(join(this.folder, 'documents.db'));
    this.stores = { keyValue, documents };
    const onFault = (error: unknown) => this.faults.push(error);
    const given = {
      issuerUrl,
      realm: REALM,
      keyValue,
      documents,
      clock,
      ids: new PlainIds(),
      development: true,
      password: PASSWORD,
      passwordCost: 10,
    };
    this.issuer = await EmbeddedIssuer.create({ ...given, onFault, ...more });
  }

  async close(): Promise<void> {
    await this.issuer.close();
    await this.stores?.keyValue.close();
    await this.stores?.documents.close();
  }

  async raze(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
    await rm(this.folder, { recursive: true });
  }

  /** Everything the stores hold, as it lies on the disk. */
  async stored(): Promise<string> {
    const files = await readdir(this.folder);
    return (await Promise.all(files.map((file) => readFile(join(this.folder, file), 'latin1')))).join('\n');
  }

  at(path: string): string {
    return `${this.issuerUrl}${path}`;
  }

  async fetch(path: string, request: RequestInit = {}): Promise<Response> {
    return fetch(this.at(path), { redirect: 'manual', ...request });
  }

  /** Asks under another name of the machine, which `fetch` cannot. */
  async asHost(host: string, path: string): Promise<{ status: number | undefined; headers: IncomingHttpHeaders; text: string }> {
    return new Promise((resolve, reject) => {
      const request = get(this.at(path), { headers: { host } }, (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('end', () => {
          resolve({ status: answer.statusCode, headers: answer.headers, text: Buffer.concat(chunks).toString() });
        });
      });
      request.on('error', reject);
    });
  }

  async json(path: string, request: RequestInit = {}): Promise<Answer> {
    return (await (await this.fetch(path, request)).json()) as Answer;
  }

  async post(path: string, form: Readonly<Record<string, string>>, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    const answer = await this.fetch(path, { method: 'POST', body: new URLSearchParams(form), headers });
    return JSON.parse((await answer.text()) || '{}') as Answer;
  }

  async token(form: Readonly<Record<string, string>>, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return this.post(SIGN_IN_END, form, headers);
  }

  async byPassword(username: string, password = PASSWORD): Promise<Answer> {
    return this.token({ grant_type: 'password', client_id: 'millrace-cli', username, password });
  }

  async byClient(clientId: string, secret = this.issuer.clientSecret(clientId)): Promise<Answer> {
    return this.token({ grant_type: 'client_credentials' }, { authorization: `Basic ${btoa(`${clientId}:${secret}`)}` });
  }

  async refresh(tokens: Answer): Promise<Answer> {
    return this.token({ grant_type: 'refresh_token', client_id: 'millrace-cli', refresh_token: String(tokens['refresh_token']) });
  }

  async redeem(url: string, verifier: string): Promise<Answer> {
    const code = new URL(url).searchParams.get('code') ?? '';
    return this.token({
      grant_type: 'authorization_code',
      client_id: 'millrace-cli',
      redirect_uri: CALLBACK,
      code,
      code_verifier: verifier,
    });
  }

  /** Who the access token speaks for, by the verifier that the gateway has. */
  async verify(tokens: Answer): Promise<Identity> {
    const { clock, issuer, issuerUrl } = this;
    const clients = ['millrace-cli', 'millrace-service'];
    const verifier = new TokenVerifier({ issuer: issuerUrl, audience: 'millrace-api', clients, keys: issuer.keys, clock });
    return verifier.verify(String(tokens['access_token']));
  }

  authorization(parameters: Readonly<Record<string, string | undefined>>): string {
    const usual = { client_id: 'millrace-cli', response_type: 'code', redirect_uri: CALLBACK, scope: SCOPE, state: 'here', nonce: 'once' };
    const pkce = { code_challenge: 'c'.repeat(43), code_challenge_method: 'S256' };
    const query = new URLSearchParams({ ...usual, ...pkce });
    for (const [name, value] of Object.entries(parameters)) {
      if (value === undefined) query.delete(name);
      else query.set(name, value);
    }
    return this.at(`/protocol/openid-connect/auth?${query.toString()}`);
  }

  /** Asks for a code in a browser; what it shows, and the verifier that belongs to the code. */
  async startSignIn(browser: FormBrowser): Promise<{ page: Shown; verifier: string }> {
    const verifier = randomBytes(32).toString('base64url');
    const challenge = createHash('sha256').update(verifier).digest('base64url');
    return { page: await browser.open(this.authorization({ code_challenge: challenge })), verifier };
  }

  /** A browser in which Ada has signed in. */
  async signedIn(): Promise<FormBrowser> {
    const browser = new FormBrowser();
    const { page } = await this.startSignIn(browser);
    await browser.submit(page, { name: 'ada', password: PASSWORD });
    return browser;
  }
}

/** The machine's clock, some milliseconds ahead: the provider reads the machine's own. */
class MachineClock extends Clock {
  ahead = 0;

  override now(): number {
    return Date.now() + this.ahead;
  }
}

class PlainIds extends Ids {
  override mint(prefix: string): string {
    return `${prefix}_${randomBytes(8).toString('hex')}`;
  }

  override derive(prefix: string, ...names: readonly string[]): string {
    return [prefix, ...names].join('_');
  }
}
