import type { DescMessage, DescMethod } from '@bufbuild/protobuf';
import type { JsonMap } from '@millrace/kernel';
import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import { queryOf } from '../door/path';
import { COMMON_PARAMETERS } from '../openapi/parameters';
import { demandKnown, readQuery } from '../transcoding/query';

/** A route that is no call, for bytes flow through it or the door itself acts: what is mounted of it, and what the document tells. */
export interface HandRoute {
  /** By which the document names it. */
  readonly id: string;
  readonly verb: 'get' | 'post' | 'put' | 'delete';
  /** As the document writes it: `/v1/workspaces/{workspaceId}/files`. */
  readonly path: string;
  /** The class whose limits count a request. */
  readonly routeClass: string;
  /** What the document has it under. */
  readonly tag: string;
  /** A sentence; more of them behind it are its description. */
  readonly says: string;
  /** Who may, as the document writes it. */
  readonly permission: string;
  /** Whether it is made with a credential: `never`, so that none is looked at, or `maybe`, for some of it is everybody's; absent: always. */
  readonly credential?: 'never' | 'maybe';
  /** What may be said in the query: fields of a message, by the names they have there. */
  readonly query?: { readonly of: DescMessage; readonly fields: readonly string[] };
  /** What else may be said, by the names that the document has for it. */
  readonly parameters?: readonly string[];
  /** Media types of the body. */
  readonly takes?: readonly string[];
  readonly answers: readonly HandAnswer[];
  /** Statuses of its refusals besides those that any route may have. */
  readonly refusals: readonly number[];
}

/** An answer when nothing is wrong. */
export interface HandAnswer {
  /** `default`: any other. */
  readonly status: number | 'default';
  readonly says: string;
  readonly headers?: readonly string[];
  /** The media types of bytes, the method whose answer is shown, or the schema of JSON; absent: there is no body. */
  readonly body?: readonly string[] | DescMethod | { readonly schema: JsonMap };
}

export const FORM_TYPE = 'multipart/form-data';
export const ANY_BYTES = 'application/octet-stream';

/** Where and how a door mounts the route. `more`: what else its config says. */
export function mounted(route: HandRoute, more: RouteOptions['config'] = {}) {
  const { verb, path, routeClass } = route;
  const place = { method: verb.toUpperCase(), url: doorPath(path), config: { routeClass, ...more } };
  return takesAnyQuery(route) ? place : { ...place, preHandler: knownOnly(queryNamesOf(route)) };
}

/** Whether its query may say more than is declared: what may be everybody's stands in pages and mails, which add to its address. */
export function takesAnyQuery({ credential }: HandRoute): boolean {
  return credential !== undefined;
}

/** Refuses (`api.field_unknown`), before a request is served, a query that says something else than `names`. */
export function knownOnly(names: readonly string[]) {
  const known = new Set(names);
  return ({ raw: { url = '' } }: Pick<FastifyRequest, 'raw'>, _reply: FastifyReply, done: () => void): void => {
    demandKnown(readQuery(queryOf(url)), known);
    done();
  };
}

function queryNamesOf({ query, parameters = [] }: HandRoute): readonly string[] {
  const common = parameters.flatMap((name) => COMMON_PARAMETERS[name] ?? []);
  return [...(query?.fields ?? []), ...common.filter((each) => each.in === 'query').map((each) => each.name)];
}

/** The path as the router reads it: there a doubled colon is a plain one, and a name before one must say where it ends. */
export function doorPath(path: string): string {
  return path
    .replaceAll(':', '::')
    .replaceAll(/\{(\w+)\}(?=::)/g, ':$1([^/:]+)')
    .replaceAll(/\{(\w+)\}/g, ':$1');
}
