import type { Json, JsonMap } from '@millrace/kernel';
import type { FetchRequest } from '@millrace/language';
import { z } from 'zod';
import { FetchFailure, notYet } from '../failures';

const json = z.custom<Json>((value) => value !== undefined);
const map = z.custom<JsonMap>((value) => typeof value === 'object' && value !== null && !Array.isArray(value), 'must be a map');

const part = z.object({
  fieldname: z.string(),
  value: json,
  filename: z.string().nullish(),
  contentType: z.string().nullish(),
});

const schema = z.object({
  url: z.string(),
  method: z
    .string()
    .toLowerCase()
    .pipe(z.enum(['get', 'head', 'post', 'put', 'patch', 'delete'])),
  headers: map.nullish(),
  query: map.nullish(),
  body: json.optional(),
  multipart: z.array(part).nullish(),
  outputMode: z.enum(['body', 'detailed_response', 'data_url', 'base64', 'file']).nullish(),
  expect: z.array(z.union([z.int(), z.string()])).nullish(),
  maxBytes: z.number().nonnegative().nullish(),
  redirects: z.int().nonnegative().nullish(),
  auth: z
    .object({ basic: z.object({ username: z.string(), password: z.string().nullish() }).nullish(), bearer: z.string().nullish() })
    .nullish(),
});

/** The parameters of a `fetch` (`language.md` §6.7) that this fetcher reads. */
export type Parameters = z.output<typeof schema>;
export type Part = z.output<typeof part>;
export type OutputMode = NonNullable<Parameters['outputMode']>;

/** Reads a request. Throws `runtime.fetch_refused` for what is not built yet, `language.argument_type` for what is no fetch at all. */
export function parametersOf(request: FetchRequest): Parameters {
  refuseWhatIsMissing(request);
  const read = schema.safeParse(request);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const place = issue === undefined || issue.path.length === 0 ? 'the request' : `\`${issue.path.join('.')}\``;
  throw new FetchFailure('language.argument_type', `fetch cannot read ${place}: ${issue?.message ?? 'unknown'}. Correct the parameter.`);
}

/** An automation that counts on one of these must not go on as if it had been done. */
function refuseWhatIsMissing(request: FetchRequest): void {
  const scheme = Object.entries(mapIn(request, 'auth')).find(([name, value]) => name !== 'basic' && name !== 'bearer' && isAsked(value));
  if (scheme !== undefined) throw notYet(`\`auth.${scheme[0]}\``, 'Use `auth.basic` or `auth.bearer`.');
  if (isAsked(mapIn(request, 'prismeai')['forwardWorkspaceAuth'])) throw notYet('`prismeai.forwardWorkspaceAuth`', 'Use `auth.bearer`.');
  if (isAsked(request['prismeaiApiKey'])) throw notYet('`prismeaiApiKey`', 'Use `auth.bearer`.');
}

function mapIn(request: FetchRequest, key: string): JsonMap {
  const value = request[key] ?? null;
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonMap) : {};
}

function isAsked(value: Json | undefined): boolean {
  return value !== undefined && value !== null && value !== false;
}
