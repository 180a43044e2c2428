import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type Provider from 'oidc-provider';
import { isLoopback } from '../loopback';
import { send, type Page } from '../pages/page';
import { problemPage } from '../pages/problem-page';
import type { IssuerParts } from '../parts';
import { isMiswritten, SIGN_IN_PATH, SIGN_OUT_PATH, USERINFO_PATH } from '../provider/build-provider';
import { ClientSignOutDoor, isByClient } from './client-sign-out-door';
import { setCookie } from './cookies';
import { LINK_COOKIE, SignInDoor } from './sign-in-door';
import { UserinfoDoor } from './userinfo-door';

/** Below the issuer's own path: where a sign-in link leads. */
export const LINK_PATH = '/sign-in-link/';
const LINK_LIFE = 600;

/** What the doors lead to, besides pages of our own. */
export interface DoorOptions {
  readonly provider: Provider;
  /** Where whoever came by a sign-in link goes on. */
  readonly afterLink: string;
  readonly onFault: (error: unknown) => void;
}

/** Leads each request below `/realms/<realm>` to what answers it. */
export class Doors {
  private readonly host: string;
  /** Addresses in answers must be the issuer's own, by whatever name or proxy the caller came. */
  private readonly ownName: IncomingHttpHeaders;
  private readonly signIn: SignInDoor;
  private readonly userinfo: UserinfoDoor;
  private readonly clientSignOut: ClientSignOutDoor;
  private readonly answerByProvider: ReturnType<Provider['callback']>;

  constructor(
    private readonly parts: IssuerParts,
    private readonly options: DoorOptions,
  ) {
    const { host, protocol } = new URL(parts.issuerUrl);
    this.host = host;
    this.ownName = { host, 'x-forwarded-host': host, 'x-forwarded-proto': protocol.replace(':', '') };
    this.signIn = new SignInDoor(parts, options.provider);
    this.userinfo = new UserinfoDoor(parts);
    this.clientSignOut = new ClientSignOutDoor(parts);
    this.answerByProvider = options.provider.callback();
  }

  /** Answers the request, whatever happens. */
  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await this.route(request, response);
    } catch (error) {
      this.options.onFault(error);
      if (response.headersSent) response.destroy();
      else send(response, fault());
    }
  }

  private async route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = request.url ?? '/';
    const place = url.startsWith(`${this.parts.path}/`) ? url.slice(this.parts.path.length) : undefined;
    if (place === undefined) return send(response, nothingHere());
    if (!this.isOurHost(request)) return send(response, misdirected());
    const path = place.replace(/\?.*$/s, '');
    if (isMiswritten(path)) return send(response, nothingHere());
    if (path.startsWith(SIGN_IN_PATH)) return this.signIn.answer(request, response);
    if (path.startsWith(LINK_PATH)) return this.keepLink(path.slice(LINK_PATH.length), response);
    if (path === SIGN_OUT_PATH && isByClient(request)) return this.clientSignOut.answer(request, response);
    if (path === USERINFO_PATH && request.method !== 'OPTIONS') return this.userinfo.answer(request, response);
    Object.assign(request.headers, this.ownName);
    await this.answerByProvider(Object.assign(request, { originalUrl: url, url: place }), response);
  }

  /** A page elsewhere that gives its own name an address of this machine is not answered. */
  private isOurHost({ headers: { host = '' } }: IncomingMessage): boolean {
    return host === this.host || isLoopback(host.replace(/:\d+$/, ''));
  }

  private keepLink(token: string, response: ServerResponse): void {
    const value = /^[\w-]{43}$/.test(token) ? token : '';
    setCookie(response, { name: LINK_COOKIE, value, url: this.parts.issuerUrl, maxAge: LINK_LIFE });
    response.writeHead(303, { location: this.options.afterLink, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' }).end();
  }
}

function nothingHere(): Page {
  return problemPage(404, 'There is nothing here', 'This address is none of the identity provider. Check it.');
}

function misdirected(): Page {
  return problemPage(421, 'Wrong name', 'This identity provider serves one machine, under its own name. Open it as localhost.');
}

function fault(): Page {
  return problemPage(500, 'Something broke', 'The identity provider failed. Its log says why; try again in a moment.');
}
