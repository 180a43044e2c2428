import type { Json, JsonMap } from '@millrace/kernel';
import { pathOf, queryOf } from './endpoint-path';
import { plainSchema } from './plain-schema';
import type { ServedEndpoint } from './served-endpoint';

/** Whose endpoints they are, and of which version. */
export interface Described {
  readonly workspaceId: string;
  readonly slug: string;
  /** Of the version; empty: nothing runs. */
  readonly digest: string;
}

const WITHOUT_BODY: readonly string[] = ['get', 'head', 'delete', 'options'];

/** Endpoints as an OpenAPI 3.1 document. Of those that share path and method the first stands there, for it answers; the others are named. */
export function endpointsDocument({ workspaceId, slug, digest }: Described, endpoints: readonly ServedEndpoint[]): JsonMap {
  const paths: Record<string, Record<string, Json>> = {};
  const known = new Map<string, { readonly template: string; readonly parameters: readonly JsonMap[] }>();
  for (const endpoint of endpoints) {
    const path = pathOf(endpoint);
    const { template, parameters } = known.get(path.form) ?? path;
    known.set(path.form, { template, parameters });
    const item = (paths[template] ??= {});
    for (const method of endpoint.methods) {
      const first = item[method] as JsonMap | undefined;
      item[method] = first === undefined ? operationOf(endpoint, method, parameters) : beside(first, endpoint.slug);
    }
  }
  return {
    openapi: '3.1.0',
    info: { title: slug, version: digest === '' ? 'none' : digest },
    servers: [{ url: `/v1/workspaces/${workspaceId}/webhooks` }, { url: `/e/${slug}` }],
    paths,
    components: { securitySchemes: SECURITY, schemas: { Problem: PROBLEM } },
  };
}

function beside(first: JsonMap, slug: string): JsonMap {
  const others = (first['x-beside'] ?? []) as readonly Json[];
  return { ...first, 'x-beside': [...others, slug] };
}

function operationOf(endpoint: ServedEndpoint, method: string, parameters: readonly JsonMap[]): JsonMap {
  const { slug, name, access, verify, request } = endpoint;
  const schema = request === undefined || WITHOUT_BODY.includes(method) ? undefined : bodySchema(slug, request);
  return {
    operationId: `${method}.${slug}`,
    summary: name,
    'x-automation': slug,
    'x-permission': access,
    ...(verify === undefined ? {} : { 'x-signature': verify.preset }),
    security: access === 'public' ? [] : [{ accessToken: [] }, { apiKey: [] }],
    parameters: [...parameters, ...queryOf(endpoint)],
    ...(schema === undefined ? {} : { requestBody: { required: true, content: { 'application/json': { schema } } } }),
    responses: responsesOf(endpoint),
  };
}

/** A schema that refers to places of its own is a document of its own, so that they are looked for in it. */
function bodySchema(slug: string, request: Json): Json {
  const schema = plainSchema(request);
  return JSON.stringify(schema).includes('"$ref"') ? { $id: `urn:millrace:${encodeURIComponent(slug)}`, ...(schema as JsonMap) } : schema;
}

function responsesOf({ access, verify, respond, request, takes }: ServedEndpoint): JsonMap {
  return {
    ...(respond === 'result' ? { '200': { description: 'What the automation answers; it may say another status.' } } : {}),
    '202': {
      description: 'The answer comes later.',
      headers: { Location: { description: 'Where it will be.', schema: { type: 'string' } } },
    },
    ...(access === 'public' && verify === undefined
      ? {}
      : { '401': problem(verify === undefined ? 'Sign in.' : 'It is not signed as agreed.') }),
    ...(access === 'public' || access === 'signed-in' ? {} : { '403': problem('No rule lets the caller in.') }),
    ...(request === undefined && takes === undefined ? {} : { '422': problem('What was sent is not what the endpoint takes.') }),
    default: problem('It was refused, or has failed.'),
  };
}

function problem(description: string): JsonMap {
  return { description, content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } } };
}

const PROBLEM: JsonMap = {
  type: 'object',
  required: ['type', 'title', 'status', 'code'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    code: { type: 'string', description: 'What went wrong, for programs.' },
  },
};

const SECURITY: JsonMap = {
  accessToken: {
    type: 'http',
    scheme: 'bearer',
    description: 'An access token, a personal token (`mrp_…`) or a key of a workspace (`mrk_…`).',
  },
  apiKey: { type: 'apiKey', in: 'header', name: 'Millrace-Api-Key', description: 'A key of a workspace (`mrk_…`).' },
};
