import {
  ApprovalsService,
  ContextsService,
  CredentialsService,
  DeadLettersService,
  DraftsService,
  EventsService,
  ExchangeService,
  EventTypesService,
  FilesService,
  GatewayService,
  HistoryService,
  KeysService,
  LiveService,
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
  ...[GatewayService, WorkspacesService, FilesService, SecretsService, EventsService, HistoryService, LiveService],
  ...[RightsService, EventTypesService, DraftsService, VersionsService, ExchangeService, MembersService, KeysService, TokensService, CredentialsService],
  ...[RuntimeService, RunsService, ReplaysService, ApprovalsService, DeadLettersService, SchedulesService, ContextsService],
];
