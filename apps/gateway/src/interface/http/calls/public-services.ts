import {
  ApprovalsService,
  ContextsService,
  DeadLettersService,
  EventsService,
  GatewayService,
  ReplaysService,
  RunsService,
  RuntimeService,
  SchedulesService,
  WorkspacesService,
} from '@millrace/contracts';

/** Every service whose methods may have routes. */
export const PUBLIC_SERVICES = [
  ...[GatewayService, WorkspacesService, EventsService],
  ...[RuntimeService, RunsService, ReplaysService, ApprovalsService, DeadLettersService, SchedulesService, ContextsService],
];
