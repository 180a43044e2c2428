import type { FieldProblem, Json, JsonMap } from '@millrace/kernel';

/** What the API refused, as it said so (RFC 9457). */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly code: string;
  readonly errors: readonly FieldProblem[];
  readonly facts: JsonMap;
  /** By which the request is found in the log of the instance. */
  readonly requestId: string | undefined;

  constructor(
    readonly status: number,
    readonly body: JsonMap,
    /** Seconds after which it is worth asking again; undefined: waiting does not help. */
    readonly retryAfter?: number,
    /** The revision there is, without quotes, when another one was changed. */
    readonly etag?: string,
  ) {
    super(textOf(body['detail']) ?? `The API answered ${status}.`);
    this.code = textOf(body['code']) ?? 'api.unknown';
    this.errors = (body['errors'] ?? []) as unknown as readonly FieldProblem[];
    this.facts = (body['facts'] ?? {}) as JsonMap;
    this.requestId = textOf(body['requestId']);
  }

  /** The problem that a response tells of. `body`: undefined when it is no JSON. */
  static of({ status, headers }: Response, body: JsonMap | undefined): ApiProblem {
    const wait = Number(headers.get('retry-after') ?? Number.NaN);
    const etag = /^"(.*)"$/.exec(headers.get('etag') ?? '')?.[1];
    return new ApiProblem(status, body ?? {}, Number.isFinite(wait) ? wait : undefined, status === 412 ? etag : undefined);
  }
}

function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
