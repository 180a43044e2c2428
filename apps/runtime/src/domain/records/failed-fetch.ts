import type { Json, JsonMap } from '@millrace/kernel';
import type { Outcome } from '@millrace/language';
import { bareUrl, withoutConfidential } from './credentials';
import { short } from './run-record';
import type { StepRecord } from './step-record';

/** Errors of fetches that nobody has answered. */
const UNANSWERED: ReadonlySet<string> = new Set(['runtime.fetch_unreachable', 'runtime.step_timeout']);

/**
 * What is told of a fetch that failed: `{ request, response }`, without what says who asks, and with nothing that is too large. Undefined
 * when there is nothing to tell: it was answered with a status below 400, or its author wants nothing told.
 */
export function failedFetch({ kind, input = null }: StepRecord, outcome: Outcome): JsonMap | undefined {
  if (kind !== 'fetch' || !isMap(input) || input['emitErrors'] === false) return undefined;
  const response = responseIn(outcome);
  return response === undefined ? undefined : { request: requestOf(input), response };
}

/** The answer that is a failure, or why there is none. */
function responseIn({ value, error }: Outcome): JsonMap | undefined {
  if (error !== undefined && UNANSWERED.has(error.code)) return { error: error.code, message: error.message ?? '' };
  const answer = error === undefined ? value : error.details;
  if (!isMap(answer) || typeof answer['status'] !== 'number' || answer['status'] < 400) return undefined;
  return known({ status: answer['status'], headers: headersOf(answer), body: bodyOf(answer) });
}

function requestOf(request: JsonMap): JsonMap {
  const { url, method, query } = request;
  const shown = {
    method,
    url: typeof url === 'string' ? bareUrl(url) : undefined,
    query: isMap(query) ? short(withoutConfidential(query)) : undefined,
  };
  return known({ ...shown, headers: headersOf(request), body: bodyOf(request) });
}

function headersOf({ headers }: JsonMap): Json | undefined {
  return isMap(headers) ? short(withoutConfidential(headers)) : undefined;
}

function bodyOf({ body }: JsonMap): Json | undefined {
  return body === undefined ? undefined : short(body);
}

function known(entries: Readonly<Record<string, Json | undefined>>): JsonMap {
  return Object.fromEntries(Object.entries(entries).filter((entry): entry is [string, Json] => entry[1] !== undefined));
}

function isMap(value: Json | undefined): value is JsonMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
