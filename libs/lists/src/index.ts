export { Listing } from './listing';
export type { ListAnswer, ListRequest, ReadPage } from './listing';
