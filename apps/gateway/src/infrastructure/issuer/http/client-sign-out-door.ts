import { hash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { IssuerParts } from '../parts';
import { StoreAdapter } from '../provider/store-adapter';
import { readForm } from './form-body';

/** Whether a client asks by itself, with its secret; a browser has none. */
export function isByClient({ method, headers: { authorization } }: IncomingMessage): boolean {
  return method === 'POST' && /^basic /i.test(authorization ?? '');
}

/** Ends the sign-in of a refresh token that the client has, as Keycloak does beside the standard: no browser is asked. */
export class ClientSignOutDoor {
  private readonly refreshTokens: StoreAdapter;

  constructor(private readonly parts: IssuerParts) {
    this.refreshTokens = new StoreAdapter('RefreshToken', parts.bucket, parts.clock);
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const client = this.clientOf(request.headers.authorization ?? '');
    if (client === undefined) return refuse(response, 401, 'invalid_client');
    const token = (await readForm(request))?.get('refresh_token') ?? '';
    const known = await this.refreshTokens.find(token);
    if (known !== undefined && known.clientId !== client) return refuse(response, 400, 'invalid_grant');
    const signIn = known?.sessionUid ?? known?.grantId;
    if (signIn !== undefined) await this.parts.openSignIns.end(signIn);
    response.writeHead(204, { 'cache-control': 'no-store' }).end();
  }

  /** The client, if the secret is its own (RFC 6749 §2.3.1). */
  private clientOf(authorization: string): string | undefined {
    const [id = '', secret = ''] = Buffer.from(authorization.replace(/^basic +/i, ''), 'base64')
      .toString()
      .split(/:(.*)/s)
      .map(plain);
    const { clientSecrets } = this.parts.secrets;
    if (!Object.hasOwn(clientSecrets, id)) return undefined;
    return timingSafeEqual(fingerprint(secret), fingerprint(clientSecrets[id] ?? '')) ? id : undefined;
  }
}

function refuse(response: ServerResponse, status: number, error: string): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' }).end(JSON.stringify({ error }));
}

/** Both halves are encoded as in a form. */
function plain(text: string): string {
  return new URLSearchParams(`text=${text}`).get('text') ?? '';
}

function fingerprint(secret: string): Buffer {
  return hash('sha256', secret, 'buffer');
}
