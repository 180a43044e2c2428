import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { stackSetting } from './stack-setting';

const FILE = fileURLToPath(new URL('../../../../keycloak/millrace-realm.json', import.meta.url));
/** `${NAME:default}`: Keycloak fills them when it imports a file at its start, not when an administrator hands it in. */
const PLACEHOLDER = /\$\{(\w+):([^}]*)\}/g;

/** The priority of the key that Keycloak gives a new realm. The highest one signs. */
const MADE_WITH = 100;

/** What Keycloak tells of anything; only what is asked for here. */
interface Described {
  readonly id: string;
}

/** An answer of the token endpoint, good or not. */
export interface TokenAnswer {
  readonly access_token?: string;
  readonly id_token?: string;
  readonly refresh_token?: string;
  readonly error?: string;
}

/** A realm of its own in the stack's Keycloak, made from the file of keycloak/, and its administrator. Gone when it is disposed of. */
export class KeycloakRealm implements AsyncDisposable {
  private rotations = 0;

  private constructor(
    private readonly origin: string,
    readonly name: string,
  ) {}

  /** `publicUrl`: where the console's sign-in comes back to; whatever the file says when absent. */
  static async create({ publicUrl }: { readonly publicUrl?: string } = {}): Promise<KeycloakRealm> {
    const realm = new KeycloakRealm(new URL(stackSetting('MILLRACE_ISSUER_URL')).origin, `millrace-${randomUUID()}`);
    const file = readFileSync(FILE, 'utf8').replace(PLACEHOLDER, (_, name: string, otherwise: string) =>
      name === 'MILLRACE_PUBLIC_URL' ? (publicUrl ?? otherwise) : otherwise,
    );
    await realm.administer('POST', '/admin/realms', { ...(JSON.parse(file) as object), realm: realm.name });
    return realm;
  }

  /** `iss` of its tokens. */
  get issuerUrl(): string {
    return `${this.origin}/realms/${this.name}`;
  }

  /** Gives a person of the realm a password; `temporary`: to be changed at the first sign-in, which nothing but a browser can do. */
  async setPassword(username: string, password: string, { temporary = false } = {}): Promise<void> {
    const { id } = await this.only(`/users?exact=true&username=${encodeURIComponent(username)}`);
    await this.administer('PUT', `${this.path}/users/${id}/reset-password`, { type: 'password', value: password, temporary });
    if (!temporary) await this.administer('PUT', `${this.path}/users/${id}`, { requiredActions: [] });
  }

  /** Removes a person, as an administrator does in the console. */
  async removeUser(username: string): Promise<void> {
    const { id } = await this.only(`/users?exact=true&username=${encodeURIComponent(username)}`);
    await this.administer('DELETE', `${this.path}/users/${id}`);
  }

  /** The secret that Keycloak made up for a confidential client. */
  async secretOf(clientId: string): Promise<string> {
    const { id } = await this.client(clientId);
    const { value } = (await this.administer('GET', `${this.path}/clients/${id}/client-secret`)) as { readonly value: string };
    return value;
  }

  /** Changes a client, in Keycloak's own words. */
  async changeClient(clientId: string, change: object): Promise<void> {
    const client = await this.client(clientId);
    await this.administer('PUT', `${this.path}/clients/${client.id}`, { ...client, ...change });
  }

  /** Signs with a new key from now on. The old one is still shown until it is withdrawn. */
  async rotateKeys(): Promise<void> {
    this.rotations += 1;
    const config = { priority: [String(MADE_WITH + this.rotations)], keySize: ['2048'], algorithm: ['RS256'] };
    const provider = { name: `rsa-${randomUUID()}`, providerId: 'rsa-generated', providerType: 'org.keycloak.keys.KeyProvider', config };
    await this.administer('POST', `${this.path}/components`, provider);
  }

  /** Takes away the key that the realm was made with. */
  async withdrawFirstKey(): Promise<void> {
    const { id } = await this.only('/components?type=org.keycloak.keys.KeyProvider&name=rsa-generated');
    await this.administer('DELETE', `${this.path}/components/${id}`);
  }

  /** Asks the token endpoint. */
  async token(form: Readonly<Record<string, string>>): Promise<TokenAnswer> {
    const answer = await fetch(`${this.issuerUrl}/protocol/openid-connect/token`, { method: 'POST', body: new URLSearchParams(form) });
    return (await answer.json()) as TokenAnswer;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.administer('DELETE', this.path);
  }

  private get path(): string {
    return `/admin/realms/${this.name}`;
  }

  private client(clientId: string): Promise<Described> {
    return this.only(`/clients?clientId=${encodeURIComponent(clientId)}`);
  }

  private async only(question: string): Promise<Described> {
    const [found, ...others] = (await this.administer('GET', `${this.path}${question}`)) as readonly Described[];
    if (found === undefined || others.length > 0)
      throw new Error(`${question} finds ${others.length + (found ? 1 : 0)} in ${this.name}, not one.`);
    return found;
  }

  private async administer(method: string, path: string, body?: object): Promise<unknown> {
    const answer = await fetch(`${this.origin}${path}`, {
      method,
      headers: { authorization: `Bearer ${await this.administratorToken()}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: Keycloak answered ${answer.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  }

  /** It lasts a minute, so each errand takes its own. */
  private async administratorToken(): Promise<string> {
    const password = stackSetting('MILLRACE_KEYCLOAK_ADMIN_PASSWORD');
    const form = new URLSearchParams({ grant_type: 'password', client_id: 'admin-cli', username: 'admin', password });
    const answer = await fetch(`${this.origin}/realms/master/protocol/openid-connect/token`, { method: 'POST', body: form });
    const { access_token: token, error } = (await answer.json()) as TokenAnswer;
    if (token === undefined) throw new Error(`Keycloak does not let its administrator in: ${error}`);
    return token;
  }
}
