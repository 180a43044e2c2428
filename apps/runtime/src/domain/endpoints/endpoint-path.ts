import type { Json, JsonMap } from '@millrace/kernel';
import { isMap, plainSchema } from './plain-schema';
import type { ServedEndpoint } from './served-endpoint';

/** A path of an endpoint as OpenAPI writes it. */
export interface EndpointPath {
  /** `/orders/{id}` */
  readonly template: string;
  /** Equal for paths that differ in the names of their parameters alone: one document holds one of them. */
  readonly form: string;
  readonly parameters: readonly JsonMap[];
}

export function pathOf({ path, takes }: ServedEndpoint): EndpointPath {
  const known = propertiesOf(takes, 'pathParams');
  const segments = path.split('/').map((segment) => /^(?<mark>[:*])(?<name>.+)$/.exec(segment)?.groups ?? { mark: '', name: segment });
  const parameters = segments.flatMap(({ mark = '', name = '' }): JsonMap[] => {
    if (mark === '') return [];
    const rest = mark === '*' ? { description: 'The rest of the path; it may hold slashes.' } : {};
    return [{ name, in: 'path', required: true, ...rest, schema: schemaOf(known[name]) }];
  });
  const written = (show: (name: string) => string): string =>
    `/${segments.map(({ mark = '', name = '' }) => (mark === '' ? name : show(name))).join('/')}`;
  return { template: written((name) => `{${name}}`), form: written(() => '{}'), parameters };
}

/** The parameters of the query that the automation declares. */
export function queryOf({ takes }: ServedEndpoint): readonly JsonMap[] {
  return Object.entries(propertiesOf(takes, 'query')).map(([name, schema]) => ({
    ...{ name, in: 'query', schema: schemaOf(schema) },
    required: isMap(schema) && schema['required'] === true,
  }));
}

function schemaOf(schema: Json = { type: 'string' }): Json {
  return plainSchema(schema);
}

/** What is declared inside one of the locals of a call. */
function propertiesOf(takes: JsonMap | undefined, local: string): JsonMap {
  const locals = takes?.['properties'];
  const declared = isMap(locals) ? locals[local] : undefined;
  const properties = isMap(declared) ? declared['properties'] : undefined;
  return isMap(properties) ? properties : {};
}
