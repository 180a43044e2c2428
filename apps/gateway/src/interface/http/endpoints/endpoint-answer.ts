import { once } from 'node:events';
import { validateHeaderName, validateHeaderValue, type ServerResponse } from 'node:http';
import type { MessageShape } from '@bufbuild/protobuf';
import type { RuntimeService } from '@millrace/contracts';
import { demandTaking } from '../bodies/departures';
import { headersOut, type CarriedHeader } from './carried-headers';

export type EndpointPart = Pick<MessageShape<(typeof RuntimeService)['method']['handleEndpoint']['output']>, 'part'>;
export type EndpointHead = Extract<EndpointPart['part'], { case: 'head' }>['value'];

type Headers = Readonly<Record<string, string | number | string[] | undefined>>;

/** What an answer says that its author does not: what was written by authors never acts as a page of ours. */
const FENCE = { 'content-security-policy': 'sandbox', 'x-content-type-options': 'nosniff' } as const;
const FENCE_APART = { 'x-content-type-options': 'nosniff' } as const;

export interface HeadSurroundings {
  /** What every answer says. */
  readonly usual: Headers;
  /** Whether nothing of ours is on the origin of the answer. */
  readonly isApart: boolean;
}

/** The head of an endpoint's answer. Throws when the service began with something else, or with a status that is none. */
export function headOf(part: EndpointPart | undefined): EndpointHead {
  if (part?.part.case !== 'head') throw new Error('The answer of an endpoint did not begin with its head.');
  const { status } = part.part.value;
  if (status < 200 || status > 599) throw new Error(`The answer of an endpoint has the status ${status}.`);
  return part.part.value;
}

/** Sets status and headers, the author's over the usual ones; they leave with the first piece of the body. */
export function writeHead(
  response: ServerResponse,
  { status, headerLines, runId }: EndpointHead,
  { usual, isApart }: HeadSurroundings,
): void {
  response.statusCode = status;
  setAll(response, isApart ? { ...usual, 'content-security-policy': undefined } : usual);
  const seen = new Set<string>();
  for (const { name, value } of headersOut(headerLines, isApart).filter(isSendable)) {
    if (seen.has(name)) response.appendHeader(name, value);
    else response.setHeader(name, value);
    seen.add(name);
  }
  setAll(response, isApart ? FENCE_APART : FENCE);
  if (runId !== '') response.setHeader('millrace-run', runId);
}

function setAll(response: ServerResponse, headers: Headers): void {
  for (const [name, value] of Object.entries(headers)) if (value !== undefined) response.setHeader(name, value);
}

/**
 * Sends what has `begun` the body and the pieces as they come, no faster than the client takes them. A piece waits for the end of the turn, so that a short answer
 * leaves in one write with its length. Rejects when the pieces do, or when the client is gone (`signal`).
 */
export async function pour(
  begun: Uint8Array,
  pieces: AsyncIterable<EndpointPart>,
  response: ServerResponse,
  signal: AbortSignal,
): Promise<void> {
  let held = begun.length === 0 ? undefined : begun;
  const flush = (): void => {
    if (held !== undefined) response.write(held);
    else if (!response.headersSent) response.flushHeaders();
    held = undefined;
  };
  const watch = demandTakingOnce(response);
  let turn = setImmediate(flush);
  try {
    for await (const { part } of pieces) {
      if (part.case !== 'chunk') continue;
      clearImmediate(turn);
      if (held !== undefined) flush();
      if (response.writableNeedDrain) {
        watch();
        await once(response, 'drain', { signal });
      }
      held = part.value;
      turn = setImmediate(flush);
    }
    response.end(held);
  } finally {
    clearImmediate(turn);
  }
}

/** Most answers are taken as they come, and need no timer. */
function demandTakingOnce(response: ServerResponse): () => void {
  let isWatched = false;
  return () => {
    if (!isWatched) demandTaking(response);
    isWatched = true;
  };
}

/** A name or value that HTTP cannot carry is left out: Node would refuse the whole answer. */
function isSendable({ name, value }: CarriedHeader): boolean {
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
    return true;
  } catch {
    return false;
  }
}
