import type { IncomingMessage, ServerResponse } from 'node:http';
import { DomainError } from '@millrace/kernel';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { SignInTally } from '../../application/policies/limits/sign-in-tally';
import type { Policies } from './policies/policies';
import type { Routes } from './routes';

/** An identity provider in this process. */
export interface Realm {
  /** Answers a request as it came from the socket, body unread. `count`: to be told whom it tries to sign in as. */
  handle(request: IncomingMessage, response: ServerResponse, count: SignInTally): void;
  close(): Promise<void>;
}

/** Below the realm's path: where a device asks for its code, and where people type codes. */
const DEVICE = ['/protocol/openid-connect/auth/device', '/device'] as const;
const SAID = ['ratelimit', 'ratelimit-policy'] as const;

/** Hands all below the realm's path to the embedded identity provider, which reads bodies and writes answers itself. */
export class RealmDoor implements Routes {
  /** `path`: of the issuer's URL, without a slash at the end. */
  constructor(
    private readonly path: string,
    private readonly realm: Realm,
    private readonly policies: Pick<Policies, 'countSignIn'>,
  ) {}

  mount(fastify: FastifyInstance): void {
    const handle = (request: FastifyRequest, reply: FastifyReply): void => this.hand(request, reply);
    void fastify.register(async (scope) => {
      scope.removeAllContentTypeParsers();
      scope.addContentTypeParser('*', (_request, _body, done) => done(null));
      scope.all(`${this.path}/*`, { config: { routeClass: 'realm', ownCors: true } }, handle);
      for (const each of DEVICE) scope.post(`${this.path}${each}`, { config: { routeClass: 'sign-in', ownCors: true } }, handle);
    });
  }

  async close(): Promise<void> {
    await this.realm.close();
  }

  private hand(request: FastifyRequest, reply: FastifyReply): void {
    reply.hijack();
    reply.raw.setHeader('x-request-id', request.id);
    sayAgain(reply);
    this.realm.handle(request.raw, reply.raw, (user) => this.count(request, reply, user));
  }

  private async count(request: FastifyRequest, reply: FastifyReply, user: string): ReturnType<SignInTally> {
    try {
      return await this.policies.countSignIn(request, reply, user);
    } catch (error) {
      if (error instanceof DomainError) reply.raw.setHeader('retry-after', String(error.facts['retryAfter']));
      throw error;
    } finally {
      sayAgain(reply);
    }
  }
}

/** Says what limits the caller on an answer that somebody else writes. */
function sayAgain(reply: FastifyReply): void {
  for (const name of SAID) {
    const value = reply.getHeader(name);
    if (value !== undefined) reply.raw.setHeader(name, value);
  }
}
