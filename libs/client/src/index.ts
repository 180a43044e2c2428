export { MillraceClient } from './client';
export type { ClientOptions } from './options';
export { EventFeed } from './event-feed';
export type { Delivered, FeedNews, FeedOptions } from './event-feed';
export { ApiProblem } from './problem';
