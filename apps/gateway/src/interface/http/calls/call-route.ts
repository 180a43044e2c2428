import type { DescMethod, DescMethodUnary, DescService } from '@bufbuild/protobuf';
import { handlingOf, policyOf, routeOf, type MethodPolicy, type MethodRoute } from '@millrace/contracts';
import { AnswerWriter } from '../transcoding/answer-writer';
import { Narrowing } from '../transcoding/narrowing';
import { RequestReader } from '../transcoding/request-reader';
import { taggingOf, type Tagging } from '../transcoding/tags';

/** A method of a service as a route: everything its descriptor says of it, compiled. */
export interface CallRoute extends MethodRoute {
  readonly method: DescMethodUnary;
  readonly policy: MethodPolicy;
  /** The class whose limits count a call. */
  readonly routeClass: string;
  /** Milliseconds until the caller is answered; undefined: those of the class. */
  readonly timeout?: number;
  readonly reader: RequestReader;
  readonly writer: AnswerWriter;
  readonly narrowing: Narrowing;
  /** What the tag tells of, where something is read. */
  readonly tagging: Tagging;
}

/**
 * The routes of all methods that have one. Throws when a method – with a route or without – does not say who may call it, when one that
 * only services may call has a route, and when a declaration cannot be served as it stands.
 */
export function callRoutes(services: readonly DescService[]): readonly CallRoute[] {
  return services.flatMap(({ methods }) => methods).flatMap(routesOf);
}

function routesOf(method: DescMethod): readonly CallRoute[] {
  const policy = policyOf(method);
  const route = routeOf(method);
  if (route === undefined) return [];
  const name = `${method.parent.typeName}.${method.name}`;
  if (policy.kind === 'service') throw new Error(`${name} is for services only, so it may not have an HTTP route.`);
  if (!isUnary(method)) throw new Error(`${name} streams, so it is no call: serve its route by hand.`);
  const handling = handlingOf(method);
  return [
    {
      ...route,
      method,
      policy,
      routeClass: handling.class,
      ...(handling.timeout === undefined ? {} : { timeout: handling.timeout }),
      reader: new RequestReader(method, route),
      writer: new AnswerWriter(method),
      narrowing: new Narrowing(method),
      tagging: taggingOf(method),
    },
  ];
}

function isUnary(method: DescMethod): method is DescMethodUnary {
  return method.methodKind === 'unary';
}
