import type { Json, JsonMap } from '@millrace/kernel';
import { DomainError } from '@millrace/kernel';
import { parsedJson } from './parsed-json';
import { referenceOf, uploadValue, type Upload } from './upload';

/** A call of an endpoint, before it is parsed. */
export interface EndpointCall {
  readonly method: string;
  /** Below the webhooks prefix, decoded, without a leading slash. */
  readonly path: string;
  /** As it came, without the question mark. */
  readonly query: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** As it came; empty when it is too large to travel with the call. */
  readonly body: Uint8Array;
  /** Given when it came in parts or is too large: what was made of it. */
  readonly upload?: Upload;
  readonly ip: string;
}

/** How deep the data of a body may be nested: variables, which hold it, may be one level more. */
const DEEPEST = 63;

const decoder = new TextDecoder('utf-8', { fatal: true });

/** The locals an endpoint's automation starts with. Files that came have no id yet. */
export function endpointLocals(call: EndpointCall, pathParams: Readonly<Record<string, string>>): JsonMap {
  return {
    method: call.method.toLowerCase(),
    query: parameters(new URLSearchParams(call.query)),
    headers: call.headers,
    body: call.upload === undefined ? parseBody(call) : uploadValue(call.upload, call.upload.files.map(referenceOf)),
    pathParams: { ...pathParams },
    $http: {},
  };
}

/** The body by its content type: JSON and forms as values, text as text, anything else as base64 with its type and size. */
function parseBody({ headers, body }: EndpointCall): Json {
  if (body.length === 0) return {};
  const type = (headers['content-type'] ?? 'application/json').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (type === 'application/json' || type.endsWith('+json')) return parseJson(text(body));
  if (type === 'application/x-www-form-urlencoded') return parameters(new URLSearchParams(text(body)));
  if (type.startsWith('text/')) return text(body);
  return { contentType: type, size: body.length, base64: base64(body) };
}

function parseJson(source: string): Json {
  const body = readJson(source);
  if (source.length <= 2 * DEEPEST || !isDeeper(body, DEEPEST)) return body;
  throw new DomainError('runtime.body_malformed', 'invalid', `The body is nested more than ${DEEPEST} deep. Send flatter data.`);
}

function isDeeper(value: Json, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((item) => isDeeper(item, levels - 1));
}

function readJson(source: string): Json {
  try {
    return parsedJson(source);
  } catch (error) {
    const why = error instanceof Error ? error.message : 'unreadable';
    throw new DomainError(
      'runtime.body_malformed',
      'invalid',
      `The body is not JSON: ${why}. Send JSON, or name the type it has in Content-Type.`,
    );
  }
}

function text(body: Uint8Array): string {
  try {
    return decoder.decode(body);
  } catch {
    throw new DomainError('runtime.body_malformed', 'invalid', 'The body is not UTF-8 text, though its Content-Type says so.');
  }
}

/** The last value of a name wins. */
function parameters(pairs: URLSearchParams): JsonMap {
  return Object.fromEntries([...pairs].filter(([name]) => name !== '__proto__'));
}

function base64(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

/** The header in which runs tell our own gateway how many automations led to a call. Who is outside may say it too: it only ends their own calls. */
export const DEPTH_HEADER = 'x-automation-depth';

/** Automations that led to a call; 0 for a call from outside. */
export function depthIn({ [DEPTH_HEADER]: said }: EndpointCall['headers']): number {
  return typeof said === 'string' && /^\d{1,3}$/.test(said) ? Number(said) : 0;
}
