import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SignJWT, type JWK } from 'jose';

/** What differs from a good token; a claim or parameter that is `undefined` is left out. */
export interface Differing {
  readonly header?: Readonly<Record<string, unknown>>;
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly key?: KeyObject | Uint8Array;
}

/** Seconds a token of the issuer lives. */
const LIFE = 300;

/** What an issuer answers, as JSON, to whoever asks for something; undefined: its key set. */
type Answering = (method: string, path: string) => unknown;

/** An OpenID provider whose keys a test holds: it shows its key set, counts who asks for it, and makes tokens, good and bad. */
export class OwnIssuer {
  readonly pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
  asked = 0;
  away = false;
  answering: Answering = () => undefined;
  private keys: readonly JWK[] = [this.shown('main', this.pair.publicKey)];

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async start(): Promise<OwnIssuer> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const issuer = new OwnIssuer(server, `http://127.0.0.1:${port}/realms/millrace`);
    server.on('request', ({ method = '', url = '' }, response) => {
      issuer.asked += 1;
      const answer = issuer.away ? undefined : (issuer.answering(method, url) ?? { keys: issuer.keys });
      if (answer === undefined) response.socket?.destroy();
      else response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
    });
    return issuer;
  }

  /** The environment of a Millrace that believes this issuer. */
  get environment(): Readonly<Record<string, string>> {
    return { MILLRACE_IDENTITY: 'external', MILLRACE_ISSUER_URL: this.url };
  }

  /** Shows one more key. */
  show(kid: string, key: KeyObject): void {
    this.keys = [...this.keys, this.shown(kid, key)];
  }

  claims(now = Math.floor(Date.now() / 1000)): Record<string, unknown> {
    return { iss: this.url, aud: ['millrace-api'], azp: 'millrace-cli', typ: 'Bearer', sub: 'ada', iat: now, exp: now + LIFE };
  }

  /** A good token of somebody, but for what is said otherwise. */
  token({ header = {}, claims = {}, key = this.pair.privateKey }: Differing = {}): Promise<string> {
    return new SignJWT({ ...this.claims(), ...claims }).setProtectedHeader({ alg: 'RS256', kid: 'main', typ: 'JWT', ...header }).sign(key);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private shown(kid: string, key: KeyObject): JWK {
    return { ...(key.export({ format: 'jwk' }) as JWK), kid, alg: 'RS256', use: 'sig' };
  }
}
