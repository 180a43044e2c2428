import type { IncomingMessage } from 'node:http';
import type { Identity } from '@millrace/auth';
import { ANONYMOUS, DomainError, type Principal } from '@millrace/kernel';
import type { Passports } from '@millrace/messaging';
import type { FindEventInstance } from '../../application/find-event-instance';
import type { Origins } from '../http/origins';
import type { EventInstance } from '../../application/ports/event-instances';
import type { HttpCallers } from '../http/auth/http-callers';

export interface SocketRequestParts {
  readonly find: FindEventInstance;
  readonly callers: HttpCallers;
  readonly passports: Passports;
  /** Origins whose pages may connect besides our own. */
  readonly origins: Origins;
}

/** Where a request goes on, and what we say of it there. */
export interface Onward {
  readonly instance: EventInstance;
  /** The request opens a session, which any instance can hold. */
  readonly opens: boolean;
  /** Who opens it. */
  readonly principal?: Principal;
  readonly headers: Readonly<Record<string, string>>;
}

/** A request for an event stream, and from where it really comes. */
interface Streaming {
  readonly raw: IncomingMessage;
  readonly address?: string | undefined;
}

/** What engine.io itself answers to a session it does not know: clients open a new one. */
export const UNKNOWN_SESSION = { status: 400, body: JSON.stringify({ code: 1, message: 'Session ID unknown' }) } as const;

/** Milliseconds for which the caller of a new session is vouched for: it is read at the first request. */
const VOUCHED = 30_000;

/** Decides where a request of the socket protocol goes: a new session to whoever has room, with a proof of who asks; an old one home. */
export class SocketRequests {
  constructor(private readonly parts: SocketRequestParts) {}

  /** `address`: from where the request comes. undefined: nobody holds the session. Refuses a page of a strange origin, a bad credential, and everybody while nobody takes sockets. */
  async onward(request: IncomingMessage, address = request.socket.remoteAddress): Promise<Onward | undefined> {
    this.checkOrigin(request);
    const headers = address === undefined ? {} : { 'x-forwarded-for': address };
    const sid = new URL(request.url ?? '/', 'http://socket').searchParams.get('sid');
    if (sid !== null) {
      const instance = this.parts.find.holderOf(sid);
      return instance && { instance, opens: false, headers };
    }
    return this.vouched(await this.parts.callers.socket({ headers: request.headers, address }), headers);
  }

  /** Where a request for an event stream goes: to whoever has room. A read as any other, so pages may ask as they may ask for that. */
  async stream({ raw: { headers, method }, address }: Streaming): Promise<Onward> {
    const identity = await this.parts.callers.identity({ headers, method, address });
    return this.vouched(identity, address === undefined ? {} : { 'x-forwarded-for': address });
  }

  /** The instance did not answer; whether another one may be asked instead. */
  mayAskAnother({ instance, opens }: Onward): boolean {
    this.parts.find.didNotAnswer(instance);
    return opens;
  }

  /** A proof lives for seconds, what it opens for hours: so it is said, too, when what they came with ends. */
  private async vouched(identity: Identity | undefined, headers: Onward['headers']): Promise<Onward> {
    const { principal, expiresAt } = identity ?? { principal: ANONYMOUS, expiresAt: undefined };
    const passport = await this.parts.passports.sign(principal, VOUCHED);
    const ends = expiresAt === undefined ? {} : { 'millrace-principal-ends': String(expiresAt) };
    return { instance: this.parts.find.forNew(), opens: true, principal, headers: { ...headers, ...ends, 'millrace-principal': passport } };
  }

  /** Browsers send the origin of the page; what is not a browser may send none. */
  private checkOrigin({ headers: { origin, host } }: IncomingMessage): void {
    if (origin === undefined || this.parts.origins.has(origin) || hostOf(origin) === host) return;
    throw new DomainError(
      'api.origin_denied',
      'forbidden',
      `Pages of ${origin.slice(0, 100)} may not open sockets here. Name the origin in MILLRACE_ORIGINS to let them.`,
    );
  }
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}
