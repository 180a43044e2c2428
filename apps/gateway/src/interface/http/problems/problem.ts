import { DomainError } from '@millrace/kernel';
import { RemoteFault } from '@millrace/messaging';
import type { Log } from '@millrace/observability';
import { statusOf } from './status';

/** The request that went wrong. */
export interface ProblemPlace {
  /** Path of the request, as it came, without its query. */
  readonly path: string;
  readonly requestId: string;
  readonly traceId: string;
}

/** A problem as it goes out: RFC 9457. */
export interface SentProblem {
  readonly code: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** `application/problem+json`. */
  readonly body: string;
}

export const PROBLEM_TYPE = 'application/problem+json';

const CHALLENGE = 'Bearer realm="millrace"';
/** Seconds after which it is worth asking a service again that is away. */
const AWAY = 2;

const INTERNAL = new DomainError(
  'api.internal',
  'unavailable',
  'Something failed on our side. It is in the log under the request id; try again, and tell the operators if it stays.',
);

/** Turns whatever was thrown into a problem: what a refusal says of itself, and of a fault nothing but that it was one. */
export class Problems {
  /** `publicUrl`: where the pages of the codes are served, without a slash at the end. */
  constructor(
    private readonly publicUrl: string,
    private readonly log: Log,
  ) {}

  of(error: unknown, place: ProblemPlace): SentProblem {
    if (error instanceof DomainError) return this.write(error, statusOf(error), place);
    this.report(error, place);
    return this.write(INTERNAL, 500, place);
  }

  private write(error: DomainError, status: number, { path, requestId, traceId }: ProblemPlace): SentProblem {
    const { code, message: detail, errors, facts } = error;
    const body = {
      type: `${this.publicUrl}/problems/${code}`,
      title: titleOf(code),
      status,
      detail,
      instance: path,
      code,
      ...(errors.length === 0 ? {} : { errors }),
      ...(Object.keys(facts).length === 0 ? {} : { facts }),
      requestId,
      traceId,
    };
    return { code, status, headers: headersOf(error, status), body: JSON.stringify(body) };
  }

  private report(error: unknown, { path, requestId, traceId }: ProblemPlace): void {
    const where = error instanceof RemoteFault ? { subject: error.subject } : {};
    this.log.error('A request failed.', { error, path, correlationId: requestId, traceId, ...where });
  }
}

/** What a code says, as a title: `api.field_unknown` → `Field unknown`, `api.json_syntax` → `JSON syntax`. */
export function titleOf(code: string): string {
  const words = (code.split('.').at(-1) ?? code).replaceAll(/[_-]/g, ' ').replaceAll(/\b(?:json|url|id)\b/g, (word) => word.toUpperCase());
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function headersOf({ code, facts }: DomainError, status: number): Record<string, string> {
  const headers: Record<string, string> = {};
  if (status === 401) headers['www-authenticate'] = code.startsWith('auth.') ? `${CHALLENGE}, error="invalid_token"` : CHALLENGE;
  if (status === 412 && typeof facts['etag'] === 'string') headers['etag'] = `"${facts['etag']}"`;
  if (status === 405 && Array.isArray(facts['allow'])) headers['allow'] = facts['allow'].join(', ');
  const wait = facts['retryAfter'];
  if (typeof wait === 'number') headers['retry-after'] = String(Math.ceil(wait));
  else if (status === 503) headers['retry-after'] = String(AWAY);
  return headers;
}
