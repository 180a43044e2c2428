import { validateHeaderName, validateHeaderValue } from 'node:http';
import type { Json, JsonMap } from '@millrace/kernel';
import { FetchFailure, refused, titleOf } from '../failures';
import { formOf, textOf, withQuery } from './form';
import { multipartOf } from './multipart';
import type { Content } from './multipart';
import type { Parameters } from './parameters';

/** A request as it goes over the wire: header names in lower case, the body as bytes. */
export interface Outgoing {
  readonly url: URL;
  /** In capitals. */
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer;
}

/** What the runtime adds to what the author wrote. */
export interface Additions {
  readonly idempotencyKey: string;
  readonly traceparent?: string;
}

/** They belong to the connection, which is ours. A host of its own would let a request be taken for one to somewhere else. */
const OF_THE_CONNECTION: ReadonlySet<string> = new Set(
  'connection content-length expect host http2-settings keep-alive proxy-connection te trailer transfer-encoding upgrade'.split(' '),
);

/** Builds the first request of a fetch. Throws FetchFailure when it cannot be sent. */
export function outgoingOf(parameters: Parameters, additions: Additions): Outgoing {
  const method = parameters.method.toUpperCase();
  if (!URL.canParse(parameters.url)) throw refused(`${method} ${parameters.url.slice(0, 200)}`, 'it is no URL');
  const url = withQuery(new URL(parameters.url), parameters.query ?? {});
  const written = writtenHeaders(titleOf(method, url), parameters.headers ?? {});
  const content = contentOf(parameters, written['content-type']);
  return {
    url,
    method,
    headers: {
      accept: '*/*',
      'accept-encoding': 'gzip, br',
      'user-agent': 'Millrace',
      ...added(method, additions),
      ...written,
      ...(content === undefined ? {} : { 'content-type': content.contentType }),
      ...authorization(parameters.auth),
    },
    ...(content === undefined ? {} : { body: content.bytes }),
  };
}

function writtenHeaders(title: string, headers: JsonMap): Record<string, string> {
  const written = Object.entries(headers).flatMap(([key, value]): [string, string][] => {
    const name = key.trim().toLowerCase();
    if (value === null || OF_THE_CONNECTION.has(name)) return [];
    const text = Array.isArray(value) ? (value as readonly Json[]).map(textOf).join(', ') : textOf(value);
    checkHeader(title, name, text);
    return [[name, text]];
  });
  return Object.fromEntries(written);
}

function checkHeader(title: string, name: string, value: string): void {
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
  } catch {
    throw new FetchFailure(
      'runtime.fetch_refused',
      `${title} was not sent: the header "${name.slice(0, 80)}" has a name or a value that HTTP cannot carry. Take out line breaks and characters beyond Latin-1.`,
    );
  }
}

function contentOf(parameters: Parameters, contentType: string | undefined): Content | undefined {
  const { method, multipart, body } = parameters;
  if (method === 'get' || method === 'head') return undefined;
  if (multipart !== undefined && multipart !== null) return multipartOf(multipart);
  if (body === undefined) return undefined;
  return { contentType: contentType ?? 'application/json', bytes: Buffer.from(bodyText(body, contentType)) };
}

function bodyText(body: Json, contentType = ''): string {
  const isForm = contentType.toLowerCase().includes('application/x-www-form-urlencoded');
  return isForm && typeof body === 'object' && body !== null && !Array.isArray(body) ? formOf(body as JsonMap) : textOf(body);
}

function added(method: string, { idempotencyKey, traceparent }: Additions): Record<string, string> {
  return {
    ...(method === 'GET' || method === 'HEAD' ? {} : { 'idempotency-key': idempotencyKey }),
    ...(traceparent === undefined ? {} : { traceparent }),
  };
}

function authorization(auth: Parameters['auth']): Record<string, string> {
  if (auth?.basic)
    return { authorization: `Basic ${Buffer.from(`${auth.basic.username}:${auth.basic.password ?? ''}`).toString('base64')}` };
  return auth?.bearer ? { authorization: `Bearer ${auth.bearer}` } : {};
}
