import type { DescMethod, DescService } from '@bufbuild/protobuf';
import { routeOf } from '@millrace/contracts';
import type { Json, JsonMap } from '@millrace/kernel';
import { SERVICES, type Api } from './gen/api';
import type { CallOptions } from './typed-call';

/** Makes a call of a method, its request in JSON form. */
export type MakeCall = (method: DescMethod, request: JsonMap, options: CallOptions) => Promise<JsonMap>;

/** The calls of the API, made by `make`. What the generated types promise is what the gateway's own document says. */
export function apiOf(make: MakeCall): Api {
  const api: unknown = Object.fromEntries(Object.entries(SERVICES).map(([name, service]) => [name, callsOf(service, make)]));
  return api as Api;
}

function callsOf({ methods }: DescService, make: MakeCall): object {
  const served = methods.filter((method) => routeOf(method) !== undefined);
  return Object.fromEntries(served.map((method) => [method.localName, callOf(method, make)]));
}

function callOf(method: DescMethod, make: MakeCall): object {
  const call = (request: JsonMap = {}, options: CallOptions = {}): Promise<JsonMap> => make(method, request, options);
  return Object.assign(call, { each: (request: JsonMap = {}, options: CallOptions = {}) => each(call, request, options) });
}

async function* each(call: (request: JsonMap, options: CallOptions) => Promise<JsonMap>, request: JsonMap, options: CallOptions) {
  let cursor: Json | undefined = request['cursor'];
  do {
    const page = await call({ ...request, ...(cursor === undefined ? {} : { cursor }) }, options);
    yield* (page['items'] ?? []) as readonly Json[];
    cursor = page['nextCursor'];
  } while (cursor !== undefined && cursor !== '');
}
