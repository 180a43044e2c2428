import type { Json } from '@millrace/kernel';
import type { EffectError } from '@millrace/language';
import { errors } from 'undici';
import { EGRESS_REFUSED } from '../../domain/records/refused-fetch';

/** Why a fetch has no result, on its way to becoming its outcome. */
export class FetchFailure extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly details?: Json,
  ) {
    super(message);
  }

  get error(): EffectError {
    return { code: this.code, message: this.message, ...(this.details === undefined ? {} : { details: this.details }) };
  }
}

/** A request as sentences name it: method, origin and path; no query, which may hold what is nobody's business. */
export function titleOf(method: string, url: URL): string {
  const path = url.pathname.length > 200 ? `${url.pathname.slice(0, 200)}…` : url.pathname;
  return `${method} ${url.origin}${path}`;
}

export function refused(title: string, why: string): FetchFailure {
  return new FetchFailure(
    'runtime.fetch_refused',
    `${title} was not sent: ${why}. Fetch reaches public addresses over http and https; an operator can list others in MILLRACE_FETCH_ALLOW.`,
  );
}

export function redirectRefused(title: string): FetchFailure {
  return new FetchFailure(
    'runtime.fetch_refused',
    `${title} redirects to a place that fetch may not reach, so the redirect was not followed. Set \`redirects: 0\` to get the redirect itself, or ask who runs the address.`,
  );
}

/** An app was led to a host that nobody has consented to. */
export function hostNotPermitted(title: string, host: string): FetchFailure {
  return new FetchFailure(
    'runtime.permission_missing',
    `${title} leads to ${host}, which the app may not call: nobody has consented to it. Set \`redirects: 0\` to get a redirect itself.`,
    { permission: 'hosts', name: host },
  );
}

/** A fetch was led to a host that its workspace does not reach. */
export function hostNotReached(title: string, host: string): FetchFailure {
  return new FetchFailure(
    EGRESS_REFUSED,
    `${title} leads to ${host}, which \`settings.egress\` of the workspace does not name. Add it there, or set \`redirects: 0\` to get a redirect itself.`,
    { setting: 'egress', host },
  );
}

export function tooManyRedirects(title: string, most: number): FetchFailure {
  return new FetchFailure(
    'runtime.fetch_refused',
    `${title} redirects more than ${most} times. Fetch the last address itself, or raise \`redirects\` if the server's limit allows.`,
  );
}

export function notYet(what: string, instead: string): FetchFailure {
  return new FetchFailure('runtime.fetch_refused', `fetch cannot do ${what} yet. ${instead}`);
}

export function tooLarge(title: string, maxBytes: number): FetchFailure {
  return new FetchFailure(
    'runtime.fetch_too_large',
    `${title} answered with more than ${maxBytes} bytes. Ask for less (a page, fewer fields), or raise \`maxBytes\` if the server's limit allows.`,
    { maxBytes },
  );
}

export function tooDeep(title: string, levels: number): FetchFailure {
  return new FetchFailure(
    'runtime.fetch_too_large',
    `${title} answered with JSON nested more than ${levels} levels deep. Take it as bytes with \`outputMode: base64\`.`,
  );
}

export function unexpectedStatus(title: string, status: number, body: Json): FetchFailure {
  return new FetchFailure(
    'runtime.fetch_status',
    `${title} answered ${status}, which is not in \`expect\`. Look at \`$error.details.body\` for what it says, or add the status to \`expect\`.`,
    { status, body },
  );
}

export function timedOut(title: string, milliseconds: number): FetchFailure {
  return new FetchFailure(
    'runtime.step_timeout',
    `${title} was not answered in full within ${milliseconds} ms. Raise \`timeout\` if the server's limit allows, or ask for less at a time.`,
  );
}

export function fellSilent(title: string, milliseconds: number): FetchFailure {
  return new FetchFailure(
    'runtime.step_timeout',
    `${title} answered with a stream that brought nothing for ${milliseconds} ms. Raise \`timeout\` if the server's limit allows.`,
  );
}

export function streamLost(): FetchFailure {
  return new FetchFailure(
    'runtime.stream_lost',
    'The stream is not open any more: it failed, nobody read it for a while, or the process that read it is gone. Fetch it again.',
  );
}

export function endedEarly(title: string): FetchFailure {
  return new FetchFailure('runtime.fetch_unreachable', `${title} was ended before it was answered, with the run that asked for it.`);
}

/** Codes of node, OpenSSL and undici by what they mean to an author. None of their messages is passed on: they name addresses. */
const CAUSES: readonly (readonly [RegExp, string])[] = [
  [/^ENOTFOUND$|^ENODATA$/, 'no such host is known'],
  [/^EAI_/, 'the name of the host could not be looked up'],
  [/^ECONNREFUSED$/, 'the host refused the connection'],
  [/^ECONNRESET$|^EPIPE$|^UND_ERR_SOCKET$/, 'the connection was cut'],
  [/^ETIMEDOUT$|^UND_ERR_CONNECT_TIMEOUT$|UNREACH$/, 'no connection could be made'],
  [/CERT|^UNABLE_TO_|_CA$/, 'the certificate of the host is not trusted'],
  [/SSL|TLS|^EPROTO$/, 'the host does not speak TLS as fetch does'],
  [/^HPE_|^UND_ERR_HEADERS_OVERFLOW$|MISMATCH$|HTTP2/, 'the answer was not well-formed HTTP'],
  [/^Z_|BROTLI|ZSTD|^ERR_PADDING|^ERR__ERROR/, 'the answer could not be unpacked'],
];

/** What a failure of the transport means. Whatever has no code is no such failure but a fault, and is given back as it is. */
export function unreachable(title: string, error: unknown): unknown {
  const code = codeOf(error);
  if (code === undefined) return error;
  const cause = CAUSES.find(([pattern]) => pattern.test(code))?.[1] ?? 'the connection failed';
  return new FetchFailure(
    'runtime.fetch_unreachable',
    `${title} got no answer: ${cause}. Check the URL, or try again later with \`retry\`.`,
  );
}

/** What an error is called; undefined when it speaks of a mistake in our own code. */
function codeOf(error: unknown): string | undefined {
  if (error instanceof errors.HTTPParserError) return 'HPE_';
  if (typeof error !== 'object' || error === null || !('code' in error) || typeof error.code !== 'string') return undefined;
  return /^(?:ERR_ASSERTION$|ERR_INVALID_|UND_ERR_INVALID_)/.test(error.code) ? undefined : error.code;
}
