export { MillraceClient } from './client';
export type { ClientOptions } from './options';
export type { Persistence } from './persistence';
export type { AnswerOf, Call, CallOptions, ListCall, NoAnswer, RequestOf } from './typed-call';
export type { Api } from './gen/api';
export { EventFeed } from './event-feed';
export type { Delivered, FeedNews, FeedOptions } from './event-feed';
export { ApiProblem } from './problem';
