import {
  ApprovalsService,
  ContextsService,
  DeadLettersService,
  EventsService,
  FilesService,
  GatewayService,
  ReplaysService,
  RunsService,
  RuntimeService,
  SchedulesService,
  SecretsService,
  WorkspacesService,
} from '@millrace/contracts';

/** Every service whose methods may have routes. */
export const PUBLIC_SERVICES = [
  ...[GatewayService, WorkspacesService, FilesService, SecretsService, EventsService],
  ...[RuntimeService, RunsService, ReplaysService, ApprovalsService, DeadLettersService, SchedulesService, ContextsService],
];
