// Writes the types of the client from the API document: what each call takes and answers. Run with
// `node --import ./tools/generate/typescript-sources.mjs tools/generate/client.mjs`.
import { mkdirSync, writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { callRoutes } from '../../apps/gateway/src/interface/http/calls/call-route';
import { PUBLIC_SERVICES } from '../../apps/gateway/src/interface/http/calls/public-services';
import { openApiDocument } from '../../apps/gateway/src/interface/http/openapi/openapi-document';
import { tagOf } from '../../apps/gateway/src/interface/http/openapi/operation';
import { placesOf } from '../../apps/gateway/src/interface/http/openapi/places';
import { comment, members, nameOf, typeOf } from './client/schema-types.mjs';

/** @import { CallRoute } from '../../apps/gateway/src/interface/http/calls/call-route' */
/** @import { Document, Operation } from '../verify/api/breaking.mjs' */
/** @import { Schema } from './client/schema-types.mjs' */

const FOLDER = 'libs/client/src/gen';
const WRITTEN = '// Written by tools/generate/client.mjs from the API document. Do not edit.\n';

const routes = callRoutes(PUBLIC_SERVICES);
const document = /** @type {Document} */ (/** @type {unknown} */ (openApiDocument(routes)));
const { Problem: _, ...schemas } = document.components.schemas;

/** @param {CallRoute} route @returns {Operation & { summary?: string, description?: string }} */
function operationOf({ method, verb }) {
  const found = Object.values(document.paths).find(
    (verbs) => /** @type {{ operationId?: string } | undefined} */ (verbs[verb])?.operationId === method.localName,
  );
  const operation = found?.[verb];
  if (operation === undefined) throw new Error(`The document lacks ${method.name}.`);
  return operation;
}

/** @param {CallRoute} route */
function requestType(route) {
  const { path, query, header, body } = placesOf(route);
  const { parameters = [], requestBody } = operationOf(route);
  const schemaOf = (/** @type {string} */ name) => parameters.find((each) => each.name?.toLowerCase() === name.toLowerCase());
  const named = [...path, ...query].map(({ jsonName }) => [jsonName, schemaOf(jsonName)]);
  const headers = header.map((field) => [field.jsonName, schemaOf(field.name.replaceAll('_', '-'))]);
  const places = /** @type {[string, { required?: boolean, description?: string, schema?: Schema } | undefined][]} */ ([
    ...named,
    ...headers,
  ]);
  const [content] = Object.values(requestBody?.content ?? {});
  const bodySchema = /** @type {Schema} */ (content?.schema ?? {});
  const whole = route.body === '*';
  const properties = {
    ...Object.fromEntries(places.map(([name, each]) => [name, { ...each?.schema, description: each?.description ?? '' }])),
    ...(whole ? bodySchema.properties : body[0] === undefined ? {} : { [body[0].jsonName]: bodySchema }),
  };
  const required = [
    ...places.flatMap(([name, each]) => (each?.required === true ? [name] : [])),
    ...(whole ? (bodySchema.required ?? []) : body.map(({ jsonName }) => jsonName)),
  ];
  return `{ ${members(/** @type {Record<string, Schema>} */ (properties), required)} }`;
}

/** @param {CallRoute} route */
function answerType(route) {
  const [content] = Object.entries(operationOf(route).responses)
    .filter(([status]) => status.startsWith('2'))
    .flatMap(([, response]) => Object.values(response.content ?? {}));
  return content?.schema === undefined ? 'NoAnswer' : typeOf(/** @type {Schema} */ (content.schema));
}

/** @param {CallRoute} route */
function callType(route) {
  const { summary = '', description = summary } = operationOf(route);
  const answer = answerType(route);
  const request = `${route.method.name}Request`;
  const items = schemas[answer]?.properties?.['items']?.items?.$ref;
  const isList = schemas[answer]?.properties?.['nextCursor'] !== undefined && items !== undefined;
  const type = isList ? `ListCall<${request}, ${nameOf(items)}, ${answer}>` : `Call<${request}, ${answer}>`;
  return `${comment(description)}readonly ${route.method.localName}: ${type};`;
}

const camel = (/** @type {string} */ tag) => tag.replaceAll(/-(.)/g, (_, letter) => String(letter).toUpperCase());
const title = (/** @type {string} */ tag) => camel(`-${tag}`);
const groups = Map.groupBy(routes, tagOf);

/** @param {string} file @param {string} text */
async function write(file, text) {
  const path = `${FOLDER}/${file}`;
  writeFileSync(path, await format(`${WRITTEN}${text}`, { ...(await resolveConfig(path)), parser: 'typescript' }));
}

mkdirSync(FOLDER, { recursive: true });
const shapes = Object.entries(schemas).map(([name, schema]) => {
  const { description = '', properties = {}, required = [] } = /** @type {Schema & { properties?: Record<string, Schema> }} */ (schema);
  return `${comment(description)}export interface ${name} { ${members(properties, required)} }`;
});
const requests = routes.map((route) => `export interface ${route.method.name}Request ${requestType(route)}`);
const texts = [...shapes, ...requests].join('\n\n');
const kernel = ['Json', 'JsonMap'].filter((name) => new RegExp(`: (readonly )?\\(?${name}\\b`).test(texts));
await write('shapes.ts', `import type { ${kernel.join(', ')} } from '@millrace/kernel';\n\n${texts}\n`);

const interfaces = [...groups].map(([tag, members_]) => `export interface ${title(tag)}Calls { ${members_.map(callType).join('\n')} }`);
const declared = [...Object.keys(schemas), ...routes.map(({ method }) => `${method.name}Request`)].sort();
const uses = new Set(interfaces.join('\n').match(/(?<=[<, ])\w+(?=[,>])/g));
const names = declared.filter((name) => uses.has(name));
const bare = ['Json', 'JsonMap'].filter((name) => uses.has(name));
const services = [...groups].map(([tag, [first]]) => /** @type {const} */ ([camel(tag), first?.method.parent.name ?? '']));
await write(
  'api.ts',
  `import { ${services
    .map(([, service]) => service)
    .sort()
    .join(', ')} } from '@millrace/contracts';
${bare.length === 0 ? '' : `import type { ${bare.join(', ')} } from '@millrace/kernel';`}
import type { Call, ListCall, NoAnswer } from '../typed-call';
import type { ${names.join(', ')} } from './shapes';

${interfaces.join('\n\n')}

/** Every call of the public API, by the service that answers it. */
export interface Api { ${[...groups.keys()].map((tag) => `readonly ${camel(tag)}: ${title(tag)}Calls;`).join('\n')} }

/** The services, by the names they have in the API. */
export const SERVICES = { ${services.map(([name, service]) => `${name}: ${service}`).join(', ')} } as const;
`,
);
