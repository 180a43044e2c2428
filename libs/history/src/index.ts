export { ElasticsearchHistory } from './elasticsearch/elasticsearch-history';
export type { ElasticsearchHistoryOptions } from './elasticsearch/elasticsearch-history';
export { fieldsOf } from './field';
export { History } from './history';
export type { AggregateBucket, AggregateQuery, HistoryMark, HistoryPage, HistoryQuery, ItemResult, WideQuery } from './history';
export { historyClosed, limitInvalid } from './refusals';
export { SqliteHistory } from './sqlite/sqlite-history';
