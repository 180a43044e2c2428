/** What a call may be told besides its request. */
export interface CallOptions {
  /** Gives the call up. */
  readonly signal?: AbortSignal;
  /** Of a POST: the same request with the same key is made once, whoever sends it again. A new one for each call when absent. */
  readonly idempotencyKey?: string;
  /** Id of the request, `[A-Za-z0-9_-]{8,64}`: by it all that follows is found in logs and events. */
  readonly requestId?: string;
}

/** The answer of a call that has none to show. */
export type NoAnswer = Readonly<Record<string, never>>;

type Arguments<Request> = object extends Request ? [request?: Request, options?: CallOptions] : [request: Request, options?: CallOptions];

/** A call of the API. What is refused is thrown as an `ApiProblem`; what is worth trying again has been tried again. */
export type Call<Request, Answer> = (...given: Arguments<Request>) => Promise<Answer>;

/** A call that answers a page of a list. */
export interface ListCall<Request, Item, Answer> extends Call<Request, Answer> {
  /** All items from where the request begins, page after page as they are asked for. */
  readonly each: (...given: Arguments<Request>) => AsyncGenerator<Item, void>;
}

type AnyCall = (...given: never[]) => Promise<unknown>;

/** What a call is asked with: `RequestOf<Api['workspaces']['createWorkspace']>`. */
export type RequestOf<C extends AnyCall> = NonNullable<Parameters<C>[0]>;

/** What a call answers: `AnswerOf<Api['workspaces']['getWorkspace']>`. */
export type AnswerOf<C extends AnyCall> = Awaited<ReturnType<C>>;
