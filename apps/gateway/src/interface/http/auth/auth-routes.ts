import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { SignIn } from '../../../application/sessions/sign-in';
import type { SignOut } from '../../../application/sessions/sign-out';
import { queryOf } from '../door/path';
import { mounted } from '../hand-routes/hand-route';
import { SIGN_OUT } from '../hand-routes/people';
import { malformed, signInNeeded } from '../problems/refusals';
import type { Routes } from '../routes';
import type { Cookies } from './cookies';
import { SESSION, type HttpCallers } from './http-callers';

export interface AuthRoutesParts {
  readonly signIn: SignIn;
  readonly signOut: SignOut;
  readonly callers: HttpCallers;
  readonly cookies: Cookies;
  /** How the world reaches this door. */
  readonly publicUrl: string;
}

/** Beginning of the cookies that sign-ins under way are kept in: one each, for people sign in from several tabs. */
const TICKET = 'millrace-sign-in-';
/** Characters of the state that tell the tabs apart. */
const TAB = 8;
const FORM = /^application\/x-www-form-urlencoded\b/i;

/** Signing in and out by the browser, and what the identity provider tells of it. */
export class AuthRoutes implements Routes {
  constructor(private readonly parts: AuthRoutesParts) {}

  mount(fastify: FastifyInstance): void {
    const [signIn, provider] = [{ config: { routeClass: 'sign-in' } }, { config: { routeClass: 'realm' } }];
    fastify.get('/v1/auth/sign-in', signIn, (request, reply) => this.begin(request, reply));
    fastify.get('/v1/auth/callback', provider, (request, reply) => this.finish(request, reply));
    fastify.route({ ...mounted(SIGN_OUT), handler: (request, reply) => this.leave(request, reply) });
    fastify.post('/v1/auth/backchannel-logout', provider, (request, reply) => this.hearLogout(request, reply));
  }

  private async begin(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { signIn, cookies } = this.parts;
    const query = new URLSearchParams(queryOf(request.raw.url ?? ''));
    const { url, ticket, state, life } = await signIn.begin({
      ...{ returnTo: query.get('return') ?? undefined, link: query.get('link') ?? undefined },
      fresh: query.get('fresh') === 'true',
    });
    return reply.header('set-cookie', cookies.set(ticketOf(state), ticket, life)).redirect(url, 303);
  }

  private async finish(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { signIn, callers, cookies, publicUrl } = this.parts;
    const { raw, headers, ip } = request;
    const callback = new URL(raw.url ?? '/', publicUrl);
    const name = ticketOf(callback.searchParams.get('state') ?? '');
    reply.header('set-cookie', cookies.clear(name));
    const whence = { ip, agent: headers['user-agent'] };
    const { secret, returnTo, life } = await signIn.finish({
      ...{ callback: callback.href, ticket: cookies.read(headers, name), secret: callers.secretOf(headers) },
      whence,
    });
    return reply.header('set-cookie', cookies.set(SESSION, secret, life)).redirect(returnTo, 303);
  }

  private async leave(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { signOut, callers, cookies } = this.parts;
    const secret = callers.secretOf(request.headers);
    if (secret === undefined) {
      const principal = await callers.caller(request);
      if (principal.kind === 'anonymous') throw signInNeeded();
      await signOut.app(principal);
    } else {
      callers.checkProof(request);
      await signOut.here(secret);
    }
    return reply.header('set-cookie', cookies.clear(SESSION)).code(204).send();
  }

  private async hearLogout(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const token = FORM.test(request.headers['content-type'] ?? '') ? new URLSearchParams(String(request.body)).get('logout_token') : null;
    if (token === null) throw malformed('logout_token_missing', 'A form with the field "logout_token" is expected here.');
    await this.parts.signOut.asTold(token);
    return reply.code(200).send();
  }
}

/** Where the ticket of a sign-in is kept; the state is what the provider says it is, so only plain characters of it count. */
function ticketOf(state: string): string {
  return `${TICKET}${state.replaceAll(/[^\w-]/g, '').slice(0, TAB)}`;
}
