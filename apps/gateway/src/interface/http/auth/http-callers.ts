import type { IncomingHttpHeaders } from 'node:http';
import type { Identity } from '@millrace/auth';
import { DomainError, type Principal } from '@millrace/kernel';
import type { Credentials, IdentifyCaller, Visitor } from '../../../application/identify-caller';
import { counted } from '../policies/client-address';
import type { Cookies } from './cookies';

/** The cookie that opens the session of a browser. */
export const SESSION = 'millrace';
/** What only a page of our own can send: a page of another origin would have to ask first, and is told no. */
const PROOF = 'millrace-csrf';
/** Where a key may stand instead of in `Authorization`. */
const API_KEY = 'millrace-api-key';
const SECRET = /^[\w-]{43}$/;
const READS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** As much of a request as says who is asking. */
export interface Asking {
  readonly method?: string | undefined;
  readonly headers: IncomingHttpHeaders;
  /** From where it comes; undefined: that cannot be said. */
  readonly address?: string | undefined;
}

export interface HttpCallersParts {
  readonly callers: IdentifyCaller;
  readonly cookies: Cookies;
  /** The origin of the console: the only one whose pages may use its session. */
  readonly origin: string;
}

/**
 * Who is asking over HTTP. Browsers send cookies whoever made them ask, so a session counts only where the page that asked is surely the
 * console: to read with a cookie gains another origin nothing, since it cannot see the answer.
 */
export class HttpCallers {
  constructor(private readonly parts: HttpCallersParts) {}

  /** Who makes a call. Refuses a session that comes to write without `Origin` and `millrace-csrf` of the console (`auth.csrf`). */
  async caller(request: Asking): Promise<Principal> {
    return this.parts.callers.caller(this.ofCall(request));
  }

  /** As `caller`, with the times of the proof; undefined without a credential. */
  async identity(request: Asking): Promise<Identity | undefined> {
    return this.parts.callers.identity(this.ofCall(request));
  }

  /** Who asks an endpoint of a workspace. What they do is their authors' matter, so a session counts only with the console's proof. */
  async visitor(request: Asking): Promise<Visitor> {
    const { headers } = request;
    const session = this.hasProof(headers) && this.isOwn(headers.origin ?? this.parts.origin) ? this.secretOf(headers) : undefined;
    return this.parts.callers.visitor({ ...sentBy(request), session });
  }

  /** Who opens a socket, as `identity` says it. Any page may try, and could read what comes: a session counts only from the console. */
  async socket(request: Asking): Promise<Identity | undefined> {
    const { headers } = request;
    const session = this.isOwn(headers.origin) ? this.secretOf(headers) : undefined;
    return this.parts.callers.identity({ ...sentBy(request), session });
  }

  /** What the cookie of a request says opens its session; any text of the right form. */
  secretOf(headers: IncomingHttpHeaders): string | undefined {
    const secret = this.parts.cookies.read(headers, SESSION);
    return secret !== undefined && SECRET.test(secret) ? secret : undefined;
  }

  /** Refuses (`auth.csrf`) a request that a page of another origin could have made. */
  checkProof({ headers }: Asking): void {
    if (!this.hasProof(headers) || !this.isOwn(headers.origin)) throw proofMissing();
  }

  private ofCall(request: Asking): Credentials {
    const session = this.secretOf(request.headers);
    if (session !== undefined && !READS.has(request.method ?? '')) this.checkProof(request);
    return { ...sentBy(request), session };
  }

  private hasProof(headers: IncomingHttpHeaders): boolean {
    return headers[PROOF] === '1';
  }

  private isOwn(origin: string | undefined): boolean {
    return origin === this.parts.origin;
  }
}

/** What programs send, and from where. */
function sentBy({ headers, address }: Asking): Credentials {
  const apiKey = headers[API_KEY];
  return {
    authorization: headers.authorization,
    apiKey: Array.isArray(apiKey) ? apiKey.join(',') : apiKey,
    address,
    place: counted(address),
  };
}

function proofMissing(): DomainError {
  return new DomainError(
    'auth.csrf',
    'forbidden',
    'A request with the session of a browser may write only from a page of this address: it needs the header "millrace-csrf: 1" and an Origin of ours.',
  );
}
