import type { JsonMap } from '@millrace/kernel';
import type { EndpointTrigger, HttpMethod, Plan } from '@millrace/language';

/** Where an automation answers HTTP. */
export interface ServedEndpoint extends EndpointTrigger {
  /** The automation. */
  readonly slug: string;
  readonly name: string;
  /** All that it answers, whether it names them or not. */
  readonly methods: readonly HttpMethod[];
  /** Its `arguments` as a schema of what it starts with; absent: it declares none. */
  readonly takes?: JsonMap;
}

const ALL: readonly HttpMethod[] = ['get', 'head', 'post', 'put', 'patch', 'delete', 'options'];

/** The endpoints of a version, by slug: of several on one path the first answers. Disabled automations have none. */
export function servedBy({ automations }: Plan): readonly ServedEndpoint[] {
  const served = [...automations.values()].flatMap(({ slug, name, disabled, triggers: { endpoint }, accepts: { schema } }) => {
    if (endpoint === undefined || disabled) return [];
    const shown = typeof name === 'string' ? name : (Object.values(name).find((text) => typeof text === 'string') ?? slug);
    const methods = endpoint.methods.length === 0 ? ALL : endpoint.methods;
    return [{ ...endpoint, slug, name: shown, methods, ...(schema === undefined ? {} : { takes: schema }) }];
  });
  return served.sort((one, other) => (one.slug < other.slug ? -1 : 1));
}
