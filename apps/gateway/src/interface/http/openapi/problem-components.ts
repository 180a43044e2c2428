import type { JsonMap } from '@millrace/kernel';
import { PROBLEM_TYPE } from '../problems/problem';
import { referenced } from './answers';
import { PROBLEM_EXAMPLE } from './example-texts';

/** What every refusal looks like (RFC 9457). */
export const PROBLEM_SCHEMA: JsonMap = {
  type: 'object',
  description: 'What went wrong: what happened, where, and what to do next.',
  required: ['type', 'title', 'status', 'detail', 'instance', 'code', 'requestId', 'traceId'],
  properties: {
    type: { type: 'string', format: 'uri', description: 'Page of the code, served by the instance.' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string', description: 'What happened, where, and what to do.' },
    instance: { type: 'string', description: 'Path of the request.' },
    code: { type: 'string', description: 'Stable: `<service>.<what_happened>`.' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['pointer', 'code', 'detail'],
        properties: {
          pointer: { type: 'string', description: 'JSON Pointer to what is wrong.' },
          code: { type: 'string' },
          detail: { type: 'string' },
        },
      },
    },
    facts: { type: 'object', additionalProperties: true },
    requestId: { type: 'string' },
    traceId: { type: 'string' },
  },
};

const MEANINGS: Readonly<Record<number, string>> = {
  400: 'The request cannot be read as this call; `errors` names each place.',
  401: 'Nobody is signed in, or the credential proves nobody.',
  403: 'The caller may not do this.',
  404: 'There is no such thing, or the caller may not know of it.',
  406: 'The caller takes no form in which this is answered.',
  408: 'The body did not arrive in time, or stopped coming.',
  409: 'It contradicts what is there.',
  410: 'There is no such thing any more, or the caller may not know of it.',
  412: '`If-Match` names a revision that is no longer the current one.',
  413: 'The body is too large.',
  414: 'The URL, or a part of it, is too long.',
  415: 'The body is of a media type that is not read here, or `Content-Type` names none.',
  416: 'There are none of the bytes that were asked for; `Content-Range` says how many there are.',
  417: 'The header `Expect` asks for something that is not known here.',
  422: 'The request is well-formed, but what it says is refused.',
  428: '`If-Match` is missing.',
  429: 'Too many requests; `Retry-After` says when to come back.',
  431: 'The headers are too large.',
  500: 'Something failed on our side.',
  503: 'A part of the platform is away; `Retry-After` says when to come back.',
  504: 'The answer took too long. Whether the work was done is unknown.',
};

/** Headers that a refusal has besides those of every answer. */
const SAID_WITH: Readonly<Record<string, readonly string[]>> = {
  401: ['WWW-Authenticate'],
  409: ['Retry-After'],
  412: ['ETag'],
  416: ['Content-Range'],
  429: ['Retry-After'],
  503: ['Retry-After'],
};

/** The problem responses that operations refer to, by status. */
export const PROBLEM_RESPONSES: JsonMap = Object.fromEntries(
  Object.entries(MEANINGS).map(([status, description]) => [
    `Problem${status}`,
    {
      description,
      headers: referenced(SAID_WITH[status] ?? []),
      content: {
        [PROBLEM_TYPE]: { schema: { $ref: '#/components/schemas/Problem' }, ...(status === '400' ? { example: PROBLEM_EXAMPLE } : {}) },
      },
    },
  ]),
);

/** References to the responses with these statuses. */
export function problemResponses(statuses: readonly number[]): JsonMap {
  return Object.fromEntries(statuses.map((status) => [String(status), { $ref: `#/components/responses/Problem${status}` }]));
}
