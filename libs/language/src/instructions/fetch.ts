import type { Json, JsonMap } from '@millrace/kernel';
import { LanguageError } from '../problems/language-error';
import { any, boolean, dictionary, integer, list, map, mapOf, milliseconds, oneOf, raw, text } from '../shapes/shape';
import { emittedName } from '../step/world/emitted-name';
import { demandFiles, demandHost } from '../step/world/permissions';
import { drain, proceedDrain, takePublished } from '../step/threads/drain';
import type { Tree } from '../read/tree';
import type { FetchRequest } from '../step/effects';
import { isList, isMap, numberOf, ownOf, textOf } from '../values/value';
import type { Settled } from '../step/threads/operation';
import { defineStep, retryPolicy } from './step';

/** Calls an address. */
export const fetch = defineStep({
  name: 'fetch',
  summary: 'Calls an HTTP address; a status is no error unless expect says so',
  fields: {
    url: { shape: text, is: 'http or https', required: true },
    method: { shape: text, is: 'get, head, post, put, patch or delete', default: 'get' },
    headers: { shape: mapOf(any), is: 'What to send along' },
    query: { shape: mapOf(any), is: 'Appended in form encoding; lists repeat the name, null is left out' },
    body: { shape: any, is: 'Map or list as JSON, or as a form if the content type says so; text as it is', nullable: true },
    multipart: {
      shape: list(
        map({
          fieldname: { shape: text, is: 'Name of the part', required: true },
          value: { shape: any, is: 'Text, Base64, list of bytes or a binary body', required: true },
          filename: { shape: text, is: 'Name of the file' },
          contentType: { shape: text, is: 'Its media type' },
        }),
      ),
      is: 'Parts of a form with files',
    },
    outputMode: { shape: oneOf('body', 'detailed_response', 'data_url', 'base64', 'file'), is: 'What the result is', default: 'body' },
    emitErrors: { shape: boolean, is: 'Whether a status from 400 or no answer is published', default: true },
    expect: { shape: list(any), is: 'Statuses (200, 2xx) other than which are an error' },
    maxBytes: { shape: integer(1), is: 'The longest answer' },
    redirects: { shape: integer(0, 10), is: 'How many redirects are followed', default: 3 },
    auth: {
      shape: map({
        basic: {
          shape: map({ username: { shape: text, is: 'Name', required: true }, password: { shape: text, is: 'Password' } }),
          is: 'Basic authentication',
        },
        bearer: { shape: text, is: 'A token' },
        awsv4: { shape: dictionary, is: 'Signature for AWS' },
        oauth2: { shape: dictionary, is: 'Client credentials' },
        forward: { shape: boolean, is: 'The identity of the workspace, for the own gateway only' },
      }),
      is: 'How to authenticate',
    },
    prismeaiApiKey: { shape: map({ name: { shape: text, is: 'Name' } }), is: 'An API key of the workspace' },
    prismeai: { shape: map({ forwardWorkspaceAuth: { shape: boolean, is: 'As auth.forward' } }), is: 'As auth.forward' },
    allowSelfSignedCert: { shape: boolean, is: 'Whether certificates are believed that nobody signed, for hosts the server lists' },
    stream: {
      shape: map({
        event: { shape: text, is: 'The event each chunk is published as', required: true },
        payload: { shape: dictionary, is: 'Added to each' },
        target: { shape: dictionary, is: 'Who may read it' },
        options: { shape: dictionary, is: 'How it is kept' },
        concatenate: {
          shape: map({
            path: { shape: text, is: 'What of a chunk to join' },
            throttle: { shape: milliseconds, is: 'Least time between two events' },
          }),
          is: 'Joins chunks',
        },
        endChunk: { shape: any, is: 'Published at the end' },
      }),
      is: 'Publishes the answer chunk by chunk',
    },
    interface: { shape: raw, is: 'Accepted and ignored' },
  },
  options: ['timeout', 'retry', 'idempotencyKey'],
  prepare: withSecrets,
  perform: (branch, parameters) => {
    const request = requestOf(parameters);
    demandHost(branch, request.url);
    if (parameters['outputMode'] === 'file') demandFiles(branch);
    const told = parameters['stream'];
    // Refused before anybody is called, rather than at the first chunk.
    if (isMap(told)) emittedName(branch, textOf(told['event']));
    const attempts = isMap(parameters['retry'])
      ? {}
      : { retry: retryPolicy({ attempts: isRepeatable(parameters, request.method) ? 3 : 1 }) };
    const kept: Record<string, Json> = { mode: parameters['outputMode'] ?? 'body' };
    if (isList(parameters['expect'])) kept['expect'] = parameters['expect'];
    if (isMap(parameters['stream'])) kept['stream'] = parameters['stream'];
    return { effect: { kind: 'fetch', request, timeout: 30_000, ...attempts }, kept, refresh: true };
  },
  settle: (branch, value, kept, node) => {
    const top = branch.top;
    if (top?.f === 'drain') return takePublished(branch, top, value);
    const settled = settle(value, kept);
    const as = kept['stream'];
    return isMap(as) && isMap(value) ? drain(branch, node, value, as) : settled;
  },
  proceed: (branch, node, frame) => frame.f === 'drain' && proceedDrain(branch, node, frame),
});

const METHODS: ReadonlySet<string> = new Set(['get', 'head', 'post', 'put', 'patch', 'delete']);
const REPEATABLE: ReadonlySet<string> = new Set(['get', 'head', 'put', 'delete']);
const DEALT_WITH: ReadonlySet<string> = new Set(['timeout', 'retry', 'idempotencyKey', 'expect', 'interface']);

/** `$secret:NAME` in a text stands for `{{secret.NAME}}`; only as the author wrote it, never in a value. */
function withSecrets(tree: Tree): Tree {
  if (tree.kind === 'list') return { ...tree, items: tree.items.map(withSecrets) };
  if (tree.kind === 'map') return { ...tree, entries: tree.entries.map((entry) => ({ ...entry, value: withSecrets(entry.value) })) };
  if (typeof tree.value !== 'string' || !tree.value.includes('$secret:')) return tree;
  return { ...tree, value: tree.value.replace(/\$secret:(\w+)/g, '{{secret.$1}}') };
}

function requestOf(parameters: JsonMap): FetchRequest {
  const url = textOf(parameters['url']);
  const method = textOf(parameters['method'] ?? 'get').toLowerCase();
  if (!METHODS.has(method))
    throw new LanguageError('language.argument_type', `\`fetch.method\` must be one of ${[...METHODS].join(', ')}.`);
  if (!/^https?:$/.test(URL.canParse(url) ? new URL(url).protocol : '')) {
    throw new LanguageError('runtime.fetch_refused', `\`${url.slice(0, 200)}\` is no http or https address.`);
  }
  const others = Object.fromEntries(Object.entries(parameters).filter(([name]) => !DEALT_WITH.has(name)));
  const headers = isMap(parameters['headers']) ? parameters['headers'] : {};
  return { ...others, url, method, headers: Object.fromEntries(Object.entries(headers).map(([name, text]) => [name.toLowerCase(), text])) };
}

function isRepeatable(parameters: JsonMap, method: string): boolean {
  return REPEATABLE.has(method) || typeof parameters['idempotencyKey'] === 'string';
}

function settle(value: Json, kept: JsonMap): Settled {
  const answer = isMap(value) ? value : {};
  const status = numberOf(ownOf(answer, 'status')) ?? 200;
  const body = ownOf(answer, 'body') ?? null;
  const expect = ownOf(kept, 'expect');
  if (isList(expect) && !expect.some((one) => fits(status, textOf(one)))) {
    throw new LanguageError(
      'runtime.fetch_status',
      `The answer has the status ${status}; expected was ${expect.map(textOf).join(', ')}.`,
      undefined,
      {
        details: { status, body },
      },
    );
  }
  const stream = ownOf(answer, 'stream');
  const detailed = { status, headers: ownOf(answer, 'headers') ?? {}, body: stream === undefined ? body : { $stream: stream } };
  return { result: [kept['mode'] === 'detailed_response' || stream !== undefined ? detailed : body] };
}

/** Whether a status is one of `200`, `2xx`. */
function fits(status: number, wanted: string): boolean {
  return wanted.toLowerCase().endsWith('xx') ? String(status).startsWith(wanted.charAt(0)) : String(status) === wanted;
}
