import type { JsonMap } from '@millrace/kernel';
import type { HandRoute } from '../hand-routes/hand-route';
import type { CallRoute } from '../calls/call-route';
import { ANSWER_HEADERS } from './answers';
import { handOperation } from './hand-operation';
import { COMMENTS } from './gen/comments';
import { operationOf, pathOf, tagOf } from './operation';
import { COMMON_PARAMETERS } from './parameters';
import { PROBLEM_RESPONSES, PROBLEM_SCHEMA } from './problem-components';
import { Schemas } from './schemas';
import { SECURITY, SECURITY_SCHEMES } from './security';

const DESCRIPTION = [
  'Self-hosted platform for work that starts with an event.',
  'Bodies are JSON in lower camel case; times are RFC 3339 in UTC, 64-bit numbers are texts. Refusals are problem details (RFC 9457).',
].join(' ');

/** The public API as an OpenAPI 3.1 document, from the same declarations that are served: of calls, and of what is none. */
export function openApiDocument(routes: readonly CallRoute[], handRoutes: readonly HandRoute[] = []): JsonMap {
  const schemas = new Schemas();
  const paths: Record<string, JsonMap> = {};
  for (const route of routes) {
    const path = pathOf(route);
    paths[path] = { ...paths[path], [route.verb]: operationOf(route, schemas) };
  }
  for (const route of handRoutes) paths[route.path] = { ...paths[route.path], [route.verb]: handOperation(route, schemas) };
  return {
    openapi: '3.1.0',
    info: { title: 'Millrace', version: 'v1', description: DESCRIPTION, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    servers: [{ url: '/' }],
    tags: tagsOf(routes),
    security: SECURITY,
    paths,
    components: {
      securitySchemes: SECURITY_SCHEMES,
      schemas: { ...schemas.components(), Problem: PROBLEM_SCHEMA },
      parameters: COMMON_PARAMETERS,
      headers: ANSWER_HEADERS,
      responses: PROBLEM_RESPONSES,
    },
  };
}

/** One for each service, with what it says of itself. */
function tagsOf(routes: readonly CallRoute[]): readonly JsonMap[] {
  const services = new Map(routes.map((route) => [tagOf(route), route.method.parent.typeName]));
  return [...services].map(([name, service]) => {
    const description = COMMENTS[service];
    return { name, ...(description === undefined ? {} : { description }) };
  });
}
