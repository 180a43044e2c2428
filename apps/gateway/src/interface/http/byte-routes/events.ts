import { HistoryService } from '@millrace/contracts';
import type { ByteRoute } from './byte-route';

const { exportEvents } = HistoryService.method;

export const EXPORT_EVENTS: ByteRoute = {
  id: 'exportEvents',
  verb: 'get',
  path: '/v1/workspaces/{workspaceId}/events:export',
  routeClass: 'export',
  tag: 'history',
  says: 'Gives out all events that fit, oldest first, one a line. Between them stand lines with a cursor: an export that broke off goes on with the last one that came.',
  permission: 'export events',
  query: { of: exportEvents.input, fields: ['types', 'where', 'text', 'from', 'to', 'cursor'] },
  answers: [{ status: 200, says: 'The events, as lines of JSON.', body: ['application/x-ndjson'] }],
  refusals: [401, 403, 404, 422],
};
