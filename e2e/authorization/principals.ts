import type { OwnIssuer } from '../security/own-issuer';

/** Who calls each route; those of `OTHERS` are no members of the workspace they call about. */
export const PRINCIPALS = [
  ...['anonymous', 'expired', 'stranger', 'everyone', 'viewer', 'operator', 'editor', 'owner', 'key', 'token'],
  ...['moderator', 'platform-auditor', 'platform-operator', 'platform-admin'],
] as const;

export type PrincipalName = (typeof PRINCIPALS)[number];

/** A role that makes everything in a workspace readable to whoever has none: enough to know it, too little for most. */
const OPEN = { rules: [{ allow: ['read'], on: ['schedules'] }] };

/** What a key or token of the matrix may do: nothing that any other route asks for. */
const NARROW = { allow: ['read'], on: ['topics'] };

/** The cast of the matrix, signed in, each with their place. */
export class Cast {
  /** The workspace that the roles are in. */
  workspace = '';
  /** One where `everyone` may read schedules. */
  open = '';
  /** One of the stranger, where nobody else is anything. */
  foreign = '';
  /** One of the owner that is deleted, whose members had the roles as well. */
  deleted = '';
  private readonly credentials = new Map<PrincipalName, string>();
  private readonly leaving = new Map<PrincipalName, string>();

  constructor(
    private readonly url: string,
    private readonly issuer: OwnIssuer,
  ) {}

  async assemble(): Promise<void> {
    const now = Math.floor(Date.now() / 1000);
    for (const name of PRINCIPALS) {
      const roles = name.startsWith('platform-') || name === 'moderator' ? ['person', name] : ['person'];
      const times = name === 'expired' ? { iat: now - 900, exp: now - 600, sub: 'owner' } : {};
      const token = await this.issuer.token({ claims: { sub: name, realm_access: { roles }, ...times } });
      if (name === 'anonymous') continue;
      this.credentials.set(name, token);
      this.leaving.set(
        name,
        name === 'expired' ? token : await this.issuer.token({ claims: { sub: `leaving-${name}`, realm_access: { roles } } }),
      );
    }
    this.workspace = await this.create('owner', 'matrix-own');
    this.open = await this.create('owner', 'matrix-open');
    this.foreign = await this.create('stranger', 'matrix-foreign');
    this.deleted = await this.create('owner', 'matrix-deleted');
    for (const place of [this.workspace, this.deleted])
      for (const role of ['viewer', 'operator', 'editor'])
        await this.ask('owner', 'POST', `/v1/workspaces/${place}/members`, { userId: role, roles: [role] });
    await this.ask('owner', 'DELETE', `/v1/workspaces/${this.deleted}`);
    await this.ask('owner', 'PUT', `/v1/workspaces/${this.open}/roles/everyone`, OPEN);
    const key = await this.ask('owner', 'POST', `/v1/workspaces/${this.workspace}/keys`, { name: 'Narrow', rules: [NARROW] });
    const token = await this.ask('owner', 'POST', '/v1/me/tokens', { name: 'Narrow', scopes: ['read:topics'] });
    for (const held of [this.credentials, this.leaving]) held.set('key', String(key['secret'])).set('token', String(token['secret']));
  }

  /** What a request of this principal needs. Who signs out has a session of their own for it, so that the others go on. */
  headers(name: PrincipalName, path = ''): Record<string, string> {
    const credential = (/^\/v1\/auth[:/]/.test(path) ? this.leaving : this.credentials).get(name);
    return credential === undefined ? {} : { authorization: `Bearer ${credential}` };
  }

  private async create(owner: PrincipalName, slug: string): Promise<string> {
    const workspace = await this.ask(owner, 'POST', '/v1/workspaces', { name: slug, slug });
    return String(workspace['id']);
  }

  private async ask(as: PrincipalName, method: string, path: string, body?: object): Promise<Record<string, unknown>> {
    const headers = { ...this.headers(as), ...(method === 'DELETE' ? { 'if-match': '*' } : {}) };
    const sent =
      body === undefined ? { headers } : { headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(body) };
    const response = await fetch(this.url + path, { method, ...sent });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${text}`);
    return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
  }
}
