import { HistoryService, LiveService } from '@millrace/contracts';
import type { HandRoute } from './hand-route';

const { exportEvents } = HistoryService.method;
const { pollEvents, pollOwnEvents } = LiveService.method;

export const EXPORT_EVENTS: HandRoute = {
  id: 'exportEvents',
  verb: 'get',
  path: '/v1/workspaces/{workspaceId}/events:export',
  routeClass: 'export',
  tag: 'history',
  says: 'Gives out all events that fit, oldest first, one a line. Between them stand lines with a cursor: an export that broke off goes on with the last one that came.',
  permission: 'export events',
  query: { of: exportEvents.input, fields: ['types', 'where', 'text', 'from', 'to', 'cursor'] },
  answers: [{ status: 200, says: 'The events, as lines of JSON.', body: ['application/x-ndjson'] }],
  refusals: [401, 404, 422],
};

/** Asked as a poll is, and answered without end. */
const STREAM = {
  verb: 'get',
  routeClass: 'socket',
  tag: 'live',
  parameters: ['EventPayload', 'LastEventId'],
  answers: [
    {
      status: 200,
      says: 'Server-sent events until either side ends it: `event` with the event as JSON, `gap`, `caught-up`, `revoked`, `auth.expiring`, `drain`, `problem`.',
      body: ['text/event-stream'],
    },
  ],
  refusals: [401, 404, 406, 422],
} as const;
const FIELDS = ['types', 'where', 'since'];

export const STREAM_EVENTS: HandRoute = {
  ...STREAM,
  id: 'streamEvents',
  path: '/v1/workspaces/{workspaceId}/events:stream',
  says: 'Gives out the events of the workspace as they happen, as server-sent events.',
  permission: 'read events',
  query: { of: pollEvents.input, fields: FIELDS },
};

export const STREAM_OWN_EVENTS: HandRoute = {
  ...STREAM,
  id: 'streamOwnEvents',
  path: '/v1/me/events:stream',
  says: 'Gives out, as StreamEvents does, what is addressed to the caller in any workspace.',
  permission: 'me',
  query: { of: pollOwnEvents.input, fields: FIELDS },
};
