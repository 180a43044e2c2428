import type { DescMessage, DescMethod } from '@bufbuild/protobuf';
import type { RouteOptions } from 'fastify';

/** A route that bytes flow through, so that it is no call: what its door mounts, and what the document tells of it. */
export interface ByteRoute {
  /** By which the document names it. */
  readonly id: string;
  readonly verb: 'get' | 'post' | 'put';
  /** As the document writes it: `/v1/workspaces/{workspaceId}/files`. */
  readonly path: string;
  /** The class whose limits count a request. */
  readonly routeClass: string;
  /** What the document has it under. */
  readonly tag: string;
  /** A sentence; more of them behind it are its description. */
  readonly says: string;
  /** Who may, as the document writes it; `public`: no credential is looked at. */
  readonly permission: string;
  /** What may be said in the query: fields of a message, by the names they have there. */
  readonly query?: { readonly of: DescMessage; readonly fields: readonly string[] };
  /** Headers of the request, by the names that the document has for them. */
  readonly headers?: readonly string[];
  /** Media types of the body. */
  readonly takes?: readonly string[];
  readonly answers: readonly ByteAnswer[];
  /** Statuses of its refusals besides those that any of these routes may have. */
  readonly refusals: readonly number[];
}

/** An answer when nothing is wrong. */
export interface ByteAnswer {
  readonly status: number;
  readonly says: string;
  readonly headers?: readonly string[];
  /** The media types of bytes, or the method whose answer is shown; absent: there is no body. */
  readonly body?: readonly string[] | DescMethod;
}

export const FORM_TYPE = 'multipart/form-data';
export const ANY_BYTES = 'application/octet-stream';

/** Where and how a door mounts the route. `more`: what else its config says. */
export function mounted({ verb, path, routeClass }: ByteRoute, more: RouteOptions['config'] = {}) {
  return { method: verb.toUpperCase(), url: doorPath(path), config: { routeClass, ...more } };
}

/** The path as the router reads it: there a doubled colon is a plain one, and a name before one must say where it ends. */
export function doorPath(path: string): string {
  return path
    .replaceAll(':', '::')
    .replaceAll(/\{(\w+)\}(?=::)/g, ':$1([^/:]+)')
    .replaceAll(/\{(\w+)\}/g, ':$1');
}
