import { getOption, hasOption, type DescField, type DescMethod } from '@bufbuild/protobuf';
import { http } from './gen/google/api/annotations_pb';
import { answer, deprecation, from_header, handling, json, listing, policy, raw_body } from './gen/millrace/options_pb';

/** Who may call a method; exactly one of the kinds (`api.md` §5). */
export type MethodPolicy =
  | { readonly kind: 'rule'; readonly action: string; readonly subject: string }
  | { readonly kind: 'public' }
  | { readonly kind: 'me' }
  | { readonly kind: 'service' };

export const VERBS = ['get', 'put', 'post', 'delete', 'patch'] as const;

export type Verb = (typeof VERBS)[number];

/** The HTTP route of a method. `path` holds `{field}` for each path parameter. */
export interface MethodRoute {
  readonly verb: Verb;
  readonly path: string;
  /** `*`: the body is the rest of the request; a name: the body is that field; undefined: no body. */
  readonly body?: string;
}

export interface MethodAnswer {
  readonly status: number;
  /** The one field that is the answer's body; undefined: the whole message. */
  readonly body?: string;
  /** The field that says where the answer will be, when it is not there yet. */
  readonly later?: string;
  /** Whether it shows more than the document whose revision it tells. */
  readonly derived?: boolean;
  /** The field that says where what was asked for is, when it is elsewhere. */
  readonly elsewhere?: string;
}

/** That a method is going away. Times are milliseconds since 1970. */
export interface MethodDeprecation {
  readonly since: number;
  /** Until when it is served. */
  readonly sunset: number;
  /** What to use instead: a path or URL. */
  readonly link: string;
}

/** A reading of declarations that is done once for each: they do not change, and calls ask for them again and again. */
function once<D extends object, T>(read: (declared: D) => T): (declared: D) => T {
  const known = new WeakMap<D, { readonly said: T }>();
  return (declared) => {
    const found = known.get(declared) ?? { said: read(declared) };
    known.set(declared, found);
    return found.said;
  };
}

/** Subject of a method on the wire: `call.<package>.<method>`. */
export function subjectOf(method: DescMethod): string {
  return `call.${method.parent.file.proto.package}.${method.name}`;
}

/** Queue group of a method: the service that answers it, `workspaces` for `millrace.workspaces.v1`. */
export function groupOf(method: DescMethod): string {
  return method.parent.file.proto.package.split('.')[1] ?? method.parent.name;
}

/** Who may call the method. Throws when the declaration says nothing, or more than one thing: such a method must not start. */
export const policyOf = once((method: DescMethod): MethodPolicy => {
  const declared = getOption(method, policy);
  const kinds: MethodPolicy[] = [];
  if (declared.action !== '' && declared.subject !== '') kinds.push({ kind: 'rule', action: declared.action, subject: declared.subject });
  if (declared.public) kinds.push({ kind: 'public' });
  if (declared.me) kinds.push({ kind: 'me' });
  if (declared.service) kinds.push({ kind: 'service' });
  const [only] = kinds;
  if (only === undefined || kinds.length > 1) {
    throw new Error(
      `${method.parent.typeName}.${method.name} must say who may call it: option (millrace.policy) with action and subject, or one of public, me, service.`,
    );
  }
  return only;
});

/** Who may call, as people write it: `<action> <subject>`, `me`, `public`, or `service` for services alone. */
export function permissionOf(policy: MethodPolicy): string {
  return policy.kind === 'rule' ? `${policy.action} ${policy.subject}` : policy.kind;
}

/** The method's HTTP route; undefined: bus only. */
export const routeOf = once((method: DescMethod): MethodRoute | undefined => {
  const { pattern, body } = getOption(method, http);
  if (pattern.case === undefined) return undefined;
  if (pattern.case === 'custom') throw new Error(`${method.parent.typeName}.${method.name}: custom HTTP verbs are not served.`);
  return { verb: pattern.case, path: pattern.value, ...(body === '' ? {} : { body }) };
});

/** How a successful call of the method is answered. */
export const answerOf = once((method: DescMethod): MethodAnswer => {
  const declared = getOption(method, answer);
  const status = declared.status === 0 ? (method.output.fields.length === 0 ? 204 : 200) : declared.status;
  const { body, later, derived, elsewhere } = declared;
  return {
    status,
    ...(body === '' ? {} : { body }),
    ...(later === '' ? {} : { later }),
    ...(elsewhere === '' ? {} : { elsewhere }),
    ...(derived ? { derived } : {}),
  };
});

const HALF_A_YEAR = 180 * 86_400_000;

/** Since when a method is going away; undefined: it stays. Throws when the declaration gives its callers less than half a year. */
export const deprecationOf = once((method: DescMethod): MethodDeprecation | undefined => {
  if (!hasOption(method, deprecation)) return undefined;
  const { since, sunset, link } = getOption(method, deprecation);
  const [from, until] = [Date.parse(since), Date.parse(sunset)];
  if (until - from >= HALF_A_YEAR && link !== '') return { since: from, sunset: until, link };
  throw new Error(
    `${method.parent.typeName}.${method.name}: a deprecation says since when, what to use instead (link), and a sunset at least 180 days later.`,
  );
});

/** What a list can be asked about its items. */
export interface MethodListing {
  /** Fields of an item that `where` and `sort` may name, as JSON does; the first one tells it from all others. */
  readonly fields: readonly string[];
  /** How it is sorted unless it is asked otherwise, as `sort` has it. */
  readonly order: string;
}

/** What a list can be asked about its items; undefined: nothing, or it is no list. */
export const listingOf = once((method: DescMethod): MethodListing | undefined => {
  if (!hasOption(method, listing)) return undefined;
  const { fields, order } = getOption(method, listing);
  return { fields, order };
});

/** How the gateway treats a call of the method (`api.md` §6). */
export interface MethodHandling {
  /** The class whose limits count it. */
  readonly class: string;
  /** Milliseconds until the caller is answered; undefined: those of the class. */
  readonly timeout?: number;
}

/** How the gateway treats a call of the method: as it declares, else by its verb. */
export const handlingOf = once((method: DescMethod): MethodHandling => {
  const declared = getOption(method, handling);
  const usual = routeOf(method)?.verb === 'get' ? 'read' : 'write';
  return {
    class: declared.class === '' ? usual : declared.class,
    ...(declared.timeout === 0 ? {} : { timeout: declared.timeout * 1000 }),
  };
});

/** The header a request field arrives in, lower case; undefined: it is an ordinary field. */
export const headerOf = once((field: DescField): string | undefined => {
  const name = getOption(field, from_header);
  return name === '' ? undefined : name.toLowerCase();
});

/** Whether a bytes field is a JSON document that stands as JSON over HTTP. */
export const isJsonField = once((field: DescField): boolean => {
  return getOption(field, json);
});

/** Whether a bytes field is the request body as it came. */
export const isRawBody = once((field: DescField): boolean => {
  return getOption(field, raw_body);
});
