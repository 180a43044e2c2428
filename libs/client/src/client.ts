import type { DescMethod } from '@bufbuild/protobuf';
import type { JsonMap } from '@millrace/kernel';
import { EventFeed, type FeedOptions } from './event-feed';
import type { ClientOptions } from './options';
import { ApiProblem } from './problem';
import { httpCall } from './request';

/** The public API of a gateway, from the same declarations it serves. */
export class MillraceClient {
  constructor(private readonly options: ClientOptions) {}

  /**
   * Calls a method with its request in JSON form (lower camel case); answers the body, `{}` for none. A refusal is an `ApiProblem`; a
   * broken connection the error of `fetch`.
   */
  async call(method: DescMethod, request: JsonMap = {}): Promise<JsonMap> {
    const { verb, path, headers, body } = httpCall(method, request);
    const response = await this.fetch(path, { method: verb, headers, ...(body === undefined ? {} : { body }) });
    const text = await response.text();
    const answer = text === '' ? {} : (JSON.parse(text) as JsonMap);
    if (!response.ok) throw new ApiProblem(response.status, answer);
    return answer;
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
}
