import {
  ApprovalsService,
  ContextsService,
  CredentialsService,
  DeadLettersService,
  DraftsService,
  EventsService,
  EventTypesService,
  FilesService,
  GatewayService,
  HistoryService,
  KeysService,
  MembersService,
  ReplaysService,
  RightsService,
  RunsService,
  RuntimeService,
  SchedulesService,
  SecretsService,
  TokensService,
  VersionsService,
  WorkspacesService,
} from '@millrace/contracts';

/** Every service whose methods may have routes. */
export const PUBLIC_SERVICES = [
  ...[GatewayService, WorkspacesService, FilesService, SecretsService, EventsService, HistoryService],
  ...[RightsService, EventTypesService, DraftsService, VersionsService, MembersService, KeysService, TokensService, CredentialsService],
  ...[RuntimeService, RunsService, ReplaysService, ApprovalsService, DeadLettersService, SchedulesService, ContextsService],
];
