export { History } from './history';
export type { AggregateBucket, AggregateQuery, HistoryMark, HistoryPage, HistoryQuery, ItemResult } from './history';
