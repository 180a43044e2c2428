export { History } from './history';
export type { AggregateBucket, AggregateQuery, HistoryMark, HistoryPage, HistoryQuery, ItemResult } from './history';
export { historyClosed, limitInvalid } from './refusals';
export { SqliteHistory } from './sqlite/sqlite-history';
