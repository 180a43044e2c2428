import type { DescMethod } from '@bufbuild/protobuf';
import { answerOf, routeOf } from '@millrace/contracts';
import type { JsonMap } from '@millrace/kernel';
import { apiOf } from './api';
import { EventFeed, type FeedOptions } from './event-feed';
import type { Api } from './gen/api';
import type { ClientOptions } from './options';
import { persist, type Repeatable } from './persistence';
import { ApiProblem } from './problem';
import { httpCall } from './request';
import type { CallOptions } from './typed-call';

const SEE_OTHER = 303;

/** The public API of a gateway, from the same declarations it serves. */
export class MillraceClient {
  /**
   * Every call by its name, typed. What could not be taken is tried again, as often as `persistence` says and never so that it could be
   * done twice: each POST has an Idempotency-Key.
   */
  readonly api: Api;

  constructor(private readonly options: ClientOptions) {
    this.api = apiOf((method, request, more) => this.persistently(method, request, more));
  }

  /**
   * Calls a method with its request in JSON form (lower camel case), once; answers the body, `{}` for none. An answer that says where
   * something is (a finished job) is not followed: what it says itself is answered. A refusal is an `ApiProblem`; a broken connection the
   * error of `fetch`.
   */
  async call(method: DescMethod, request: JsonMap = {}, options: CallOptions = {}): Promise<JsonMap> {
    const { verb, path, headers, body } = httpCall(method, request);
    const { signal, idempotencyKey, requestId } = options;
    const leadsOn = answerOf(method).elsewhere !== undefined;
    const response = await this.fetch(path, {
      method: verb,
      redirect: leadsOn ? 'manual' : 'follow',
      headers: {
        accept: 'application/json',
        ...headers,
        ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
        ...(requestId === undefined ? {} : { 'x-request-id': requestId }),
      },
      ...(body === undefined ? {} : { body }),
      ...(signal === undefined ? {} : { signal }),
    });
    const answer = readJson(await response.text());
    if (!response.ok && !(leadsOn && response.status === SEE_OTHER)) throw ApiProblem.of(response, answer);
    return answer ?? {};
  }

  /** A request of any path, with the caller's token. For what is not a method: endpoints of automations, for one. */
  async fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const token = await this.options.token?.();
    const headers = new Headers(init.headers);
    if (token !== undefined) headers.set('authorization', `Bearer ${token}`);
    return fetch(new URL(path, this.options.url), { ...init, headers });
  }

  /** The live events of a workspace. */
  events(workspace: string, options: FeedOptions): EventFeed {
    return new EventFeed(this.options, workspace, options);
  }

  private persistently(method: DescMethod, request: JsonMap, options: CallOptions): Promise<JsonMap> {
    const verb = routeOf(method)?.verb;
    const repeatable: Repeatable = verb === 'get' || verb === 'post' ? 'always' : 'after-refusal';
    const { idempotencyKey = crypto.randomUUID() } = options;
    const more = verb === 'post' ? { ...options, idempotencyKey } : options;
    return persist(() => this.call(method, request, more), repeatable, this.options.persistence ?? {}, options.signal);
  }
}

/** What stands between us and the gateway may answer something else. */
function readJson(text: string): JsonMap | undefined {
  if (text === '') return undefined;
  try {
    return JSON.parse(text) as JsonMap;
  } catch {
    return undefined;
  }
}
