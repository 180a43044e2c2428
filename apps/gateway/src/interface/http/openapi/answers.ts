import type { DescMethod } from '@bufbuild/protobuf';
import { answerOf, deprecationOf } from '@millrace/contracts';
import type { Json, JsonMap } from '@millrace/kernel';
import type { CallRoute } from '../calls/call-route';
import { JSON_TYPE } from '../transcoding/media';
import { exampleOf, exampleValue } from './examples';
import { showsRevision } from './parameters';
import type { Schemas } from './schemas';

/** Headers of answers, by name, that several routes have. */
export const ANSWER_HEADERS: JsonMap = {
  'X-Request-Id': header('The id of the request: the caller’s own, if it sent one.'),
  'RateLimit-Policy': header('The limit that is nearest: its name, how many requests (`q`) in how many seconds (`w`).'),
  RateLimit: header('What is left of it: so many requests (`r`), for so many seconds (`t`).'),
  'Retry-After': header('Seconds until it is worth asking again; absent: waiting does not help.'),
  'WWW-Authenticate': header('What credential is expected, and whether the one that came was wrong.'),
  'Millrace-Run': header('Id of the run that answers.'),
  'Set-Cookie': header('Ends the session of the browser.'),
  ETag: header(
    'Tells what is shown from what was there before. Send it as it is: in `If-None-Match`, and in `If-Match` to change what it is of.',
  ),
  Link: header('`rel="next"`: the next page, while there is one; `rel="deprecation"`: what to use instead of what is going away.'),
  Location: header('Where what was made can be read by itself, if it can.'),
  LaterLocation: header('Where the answer will be.'),
  ElsewhereLocation: header('Where what was asked for is.'),
  'Idempotency-Replayed': header('`true`: this is the answer that the first request with the key had.'),
  'Preference-Applied': header('What of the header `Prefer` was done.'),
  Deprecation: header('Since when this is going away: `@` and seconds since 1970.'),
  Sunset: header('Until when this is served.'),
  'Accept-Ranges': header('`bytes`: a part can be asked for.'),
  'Content-Range': header('Which bytes these are, and of how many; `bytes */<size>` when there are none of those that were asked for.'),
  'Content-Disposition': header('What to call it, and whether it may be shown where it is.'),
  'Last-Modified': header('Since when it is as it is.'),
};

/** What every answer has, the limit where there is one. */
const EVERY = ['X-Request-Id', 'RateLimit-Policy', 'RateLimit'];

/** The answers of a route when nothing is wrong, by status. */
export function answersOf(route: CallRoute, schemas: Schemas): JsonMap {
  const { method } = route;
  const { status, later, elsewhere } = answerOf(method);
  const headers = headersOf(route);
  if (status === 204) return { '204': { description: 'Done; there is nothing to show.', ...headers() } };
  const reads = route.verb === 'get';
  const content = contentOf(method, schemas);
  const hasRevision = showsRevision(route);
  const isTagged = reads && route.tagging !== 'none';
  return {
    [String(status)]: { description: status === 201 ? 'Made.' : 'As asked.', ...headers(...shownWith(route, status)), content },
    ...(later === undefined
      ? {}
      : { '202': { description: 'It goes on; its answer can be fetched.', ...headers('LaterLocation', 'Retry-After'), content } }),
    ...(elsewhere === undefined
      ? {}
      : { '303': { description: 'What was asked for is elsewhere.', ...headers('ElsewhereLocation'), content } }),
    ...(isTagged ? { '304': { description: 'The caller holds what there is.', ...headers('ETag') } } : {}),
    ...(hasRevision && !reads && status === 200
      ? { '204': { description: 'Done, and not shown, as preferred.', ...headers('ETag') } }
      : {}),
  };
}

/** What a method answers, as the content of a response. */
export function contentOf(method: DescMethod, schemas: Schemas): JsonMap {
  const { body } = answerOf(method);
  const field = method.output.fields.find(({ name }) => name === body);
  const schema = field === undefined ? schemas.ref(method.output, 'answer') : schemas.value(field, 'answer');
  const example = field === undefined ? exampleOf(method.output.fields) : exampleValue(field);
  return { [JSON_TYPE]: { schema, ...(example === undefined ? {} : { example }) } };
}

function shownWith(route: CallRoute, status: number): readonly string[] {
  const { output } = route.method;
  return [
    ...(showsRevision(route) || (route.verb === 'get' && route.tagging !== 'none') ? ['ETag'] : []),
    ...(output.fields.some(({ name }) => name === 'next_cursor') && route.verb === 'get' ? ['Link'] : []),
    ...(status === 201 ? ['Location'] : []),
  ];
}

function headersOf({ method, verb }: CallRoute): (...names: readonly string[]) => JsonMap {
  const always = [
    ...(verb === 'post' ? ['Idempotency-Replayed'] : []),
    ...(verb === 'get' ? [] : ['Preference-Applied']),
    ...(deprecationOf(method) === undefined ? [] : ['Deprecation', 'Sunset', 'Link']),
  ];
  return (...names) => ({ headers: referenced([...names, ...always]) });
}

/** Headers of an answer, and those of every answer, by their names in `ANSWER_HEADERS`, referred to. */
export function referenced(names: readonly string[]): JsonMap {
  const reference = (name: string): [string, Json] => [
    name.replace(/^(?:Later|Elsewhere)(?=Location)/, ''),
    { $ref: `#/components/headers/${name}` },
  ];
  return Object.fromEntries([...names, ...EVERY].map(reference));
}

function header(description: string): JsonMap {
  return { description, schema: { type: 'string' } };
}
