export {
  answerOf,
  deprecationOf,
  groupOf,
  handlingOf,
  headerOf,
  isJsonField,
  isRawBody,
  listingOf,
  permissionOf,
  policyOf,
  routeOf,
  subjectOf,
  VERBS,
} from './method';
export type { MethodAnswer, MethodDeprecation, MethodHandling, MethodListing, MethodPolicy, MethodRoute, Verb } from './method';
export { problemsOf } from './checks';
export { PrincipalSchema, ProblemSchema } from './gen/millrace/wire/v1/problem_pb';
export { EventSchema, Keep as EventKeep } from './gen/millrace/events/v1/event_pb';
export type { Event } from './gen/millrace/events/v1/event_pb';
export { EventInputSchema, EventsService } from './gen/millrace/events/v1/events_pb';
export type {
  EventInput,
  EmitEventsRequest,
  GetEventRequest,
  ListAuditRequest,
  ListEventsRequest,
  ListPlatformAuditRequest,
  SearchEventsRequest,
} from './gen/millrace/events/v1/events_pb';
export { LogService } from './gen/millrace/events/v1/log_pb';
export { LiveService } from './gen/millrace/events/v1/live_pb';
export type { SearchPlatformRequest } from './gen/millrace/events/v1/log_pb';
export type {
  CloseConnectionRequest,
  ListConnectionsRequest,
  PollEventsRequest,
  PollOwnEventsRequest,
} from './gen/millrace/events/v1/live_pb';
export { TopicSchema, TopicsService } from './gen/millrace/events/v1/topics_pb';
export type {
  AddTopicMembersRequest,
  CreateTopicRequest,
  DeleteTopicRequest,
  GetTopicRequest,
  ListTopicMembersRequest,
  ListTopicsRequest,
  ManageTopicRequest,
  RemoveTopicMemberRequest,
} from './gen/millrace/events/v1/topics_pb';
export { HistoryService } from './gen/millrace/events/v1/history_pb';
export type {
  AggregateEventsRequest,
  EventGroup,
  ExplainEventRequest,
  ExportEventsRequest,
  GetLineageRequest,
  GetUsageRequest,
} from './gen/millrace/events/v1/history_pb';
export { RetentionService } from './gen/millrace/events/v1/retention_pb';
export type { GetRetentionRequest, PreviewPurgeRequest, SetRetentionRequest } from './gen/millrace/events/v1/retention_pb';
export { GatewayService } from './gen/millrace/gateway/v1/gateway_pb';
export { ServicesService, type ListServicesRequest } from './gen/millrace/gateway/v1/services_pb';
export type {
  CreateAnonymousSessionRequest,
  EndSessionRequest,
  GetErasureRequest,
  GetMeRequest,
  IdentifyRequest,
  ListSessionsRequest,
} from './gen/millrace/gateway/v1/gateway_pb';
export { EndpointsService } from './gen/millrace/runtime/v1/endpoints_pb';
export type { EndpointSchema, GetEndpointsDocumentRequest, ListEndpointsRequest } from './gen/millrace/runtime/v1/endpoints_pb';
export { RolloutService } from './gen/millrace/runtime/v1/rollout_pb';
export type { GetRolloutRequest } from './gen/millrace/runtime/v1/rollout_pb';
export { RuntimeService } from './gen/millrace/runtime/v1/runtime_pb';
export type {
  HandleEndpointRequest,
  HandleResultRequest,
  HandleEndpointResponse,
  HandleResultResponse,
  RunAutomationRequest,
  RunAutomationResponse,
  SimulateMatchRequest,
  TestAutomationRequest,
  TestAutomationResponse,
  UploadedBody,
} from './gen/millrace/runtime/v1/runtime_pb';
export { ApprovalSchema, ApprovalsService } from './gen/millrace/runtime/v1/approvals_pb';
export type { AnswerApprovalRequest, ListApprovalsRequest } from './gen/millrace/runtime/v1/approvals_pb';
export { ContextSchema, ContextsService } from './gen/millrace/runtime/v1/contexts_pb';
export type {
  DeleteContextRequest,
  GetContextRequest,
  ListContextsRequest,
  PatchContextRequest,
  PutContextRequest,
} from './gen/millrace/runtime/v1/contexts_pb';
export { DeadLetterGroupSchema, DeadLetterSchema, DeadLettersService } from './gen/millrace/runtime/v1/dead_letters_pb';
export type {
  DiscardDeadLettersRequest,
  GetDeadLetterRequest,
  ListDeadLetterGroupsRequest,
  ListDeadLettersRequest,
  RedriveDeadLettersRequest,
} from './gen/millrace/runtime/v1/dead_letters_pb';
export { ReplayedRunSchema, ReplaysService } from './gen/millrace/runtime/v1/replays_pb';
export type { CancelReplayRequest, CreateReplayRequest, GetReplayRequest, ListReplaysRequest } from './gen/millrace/runtime/v1/replays_pb';
export { ScheduleSchema, SchedulesService } from './gen/millrace/runtime/v1/schedules_pb';
export type {
  BackfillScheduleRequest,
  ListSchedulesRequest,
  PauseScheduleRequest,
  PreviewScheduleRequest,
  ResumeScheduleRequest,
  RunScheduleRequest,
} from './gen/millrace/runtime/v1/schedules_pb';
export { RunSchema, RunsService, RunStepSchema } from './gen/millrace/runtime/v1/runs_pb';
export type {
  CancelRunRequest,
  CancelRunsRequest,
  CaptureRunRequest,
  CompareRunsRequest,
  DeleteRunRequest,
  GetRunRequest,
  ListRunEventsRequest,
  ListRunsRequest,
  ListStepsRequest,
  RetryRunRequest,
  RetryRunsRequest,
} from './gen/millrace/runtime/v1/runs_pb';
export {
  AutomationSchema,
  MountedAppSchema,
  VersionSchema,
  WorkspaceSchema,
  WorkspacesService,
} from './gen/millrace/workspaces/v1/workspaces_pb';
export type {
  ActedFor,
  Automation,
  CreateAutomationRequest,
  CreateWorkspaceRequest,
  DeleteAutomationRequest,
  DeleteWorkspaceRequest,
  FetchDraftRequest,
  FetchModelRequest,
  FetchModelResponse,
  GetAutomationRequest,
  GetGrantsRequest,
  GetGrantsResponse,
  GetWorkspaceRequest,
  Grant,
  ListAutomationsRequest,
  ListAutomationUsagesRequest,
  ListVersionsRequest,
  ListWorkspacesRequest,
  MountedApp,
  PublishVersionRequest,
  PutAutomationRequest,
  UpdateAutomationRequest,
  UpdateWorkspaceRequest,
  Version,
  Workspace,
} from './gen/millrace/workspaces/v1/workspaces_pb';
export { FileContentSchema, FileLinkSchema, FileSchema, FilesService } from './gen/millrace/workspaces/v1/files_pb';
export type {
  AdmitUploadRequest,
  CommitContentRequest,
  CommitFileRequest,
  CreateLinkRequest,
  DeleteFileRequest,
  GetFileRequest,
  ListFilesRequest,
  ListLinksRequest,
  OpenFileRequest,
  OpenLinkRequest,
  RevokeLinkRequest,
  UpdateFileRequest,
} from './gen/millrace/workspaces/v1/files_pb';
export { DeclaredEventTypeSchema, EventTypeSchema, EventTypesService } from './gen/millrace/workspaces/v1/event_types_pb';
export type {
  DeclaredEventType,
  DeleteEventTypeRequest,
  FetchEventTypesRequest,
  GetEventTypeRequest,
  GetEventTypeVersionRequest,
  ListEventTypesRequest,
  PutEventTypeRequest,
} from './gen/millrace/workspaces/v1/event_types_pb';
export { PlatformService, type ListAllWorkspacesRequest, type PlatformWorkspaceSchema } from './gen/millrace/workspaces/v1/platform_pb';
export { QuotasService } from './gen/millrace/workspaces/v1/quotas_pb';
export type { GetQuotasRequest, SetQuotasRequest } from './gen/millrace/workspaces/v1/quotas_pb';
export { SecretSchema, SecretsService } from './gen/millrace/workspaces/v1/secrets_pb';
export type {
  DeleteSecretRequest,
  ListSecretsRequest,
  ListSecretUsagesRequest,
  ResolveSecretsRequest,
  SetSecretRequest,
} from './gen/millrace/workspaces/v1/secrets_pb';
export { RightsService, RoleSchema } from './gen/millrace/workspaces/v1/rights_pb';
export type {
  CheckAccessRequest,
  DeleteRoleRequest,
  ExplainAccessRequest,
  ListRolesRequest,
  PutRoleRequest,
  RoleRule,
} from './gen/millrace/workspaces/v1/rights_pb';
export { SharesService, ShareSchema } from './gen/millrace/workspaces/v1/shares_pb';
export type { CreateShareRequest, DeleteShareRequest, ListSharesRequest } from './gen/millrace/workspaces/v1/shares_pb';
export { MembersService, MemberSchema } from './gen/millrace/workspaces/v1/members_pb';
export type {
  AcceptInvitationRequest,
  InviteMemberRequest,
  ListMembersRequest,
  RemoveMemberRequest,
  UpdateMemberRequest,
} from './gen/millrace/workspaces/v1/members_pb';
export { CredentialsService } from './gen/millrace/workspaces/v1/credentials_pb';
export type { ResolveCredentialRequest, ResolveCredentialResponse } from './gen/millrace/workspaces/v1/credentials_pb';
export { KeySchema, KeysService } from './gen/millrace/workspaces/v1/keys_pb';
export type {
  CreateKeyRequest,
  KeyRights,
  ListKeysRequest,
  RevokeKeyRequest,
  RotateKeyRequest,
  UpdateKeyRequest,
} from './gen/millrace/workspaces/v1/keys_pb';
export { TokenSchema, TokensService } from './gen/millrace/workspaces/v1/tokens_pb';
export type { CreateTokenRequest, ListTokensRequest, RevokeTokenRequest } from './gen/millrace/workspaces/v1/tokens_pb';
export { ConfigSchema, ConfigService } from './gen/millrace/workspaces/v1/config_pb';
export type { ConfigWrite, GetConfigRequest, SetConfigRequest, WriteConfigRequest } from './gen/millrace/workspaces/v1/config_pb';
export {
  ApplyDraftResponseSchema,
  DiscardDraftResponseSchema,
  DraftBaseSchema,
  DraftFileSchema,
  DraftSchema,
  DraftsService,
  FileTouchSchema,
} from './gen/millrace/workspaces/v1/drafts_pb';
export type {
  AdmitAssetRequest,
  ApplyDraftRequest,
  CheckDraftRequest,
  DeleteFileTextRequest,
  DiscardDraftRequest,
  GetDraftRequest,
  GetFileTextRequest,
  OpenDraftFileRequest,
  PutFileTextRequest,
  StageAssetRequest,
  StageTextsRequest,
} from './gen/millrace/workspaces/v1/drafts_pb';
export { DocumentChangeSchema, FileDifferenceSchema, VersionsService } from './gen/millrace/workspaces/v1/versions_pb';
export type {
  ActivateVersionRequest,
  CheckoutVersionRequest,
  DeleteVersionRequest,
  DiffVersionsRequest,
  ExportVersionRequest,
  GetVersionRequest,
  UpdateVersionRequest,
} from './gen/millrace/workspaces/v1/versions_pb';
export { AppPermissionsSchema, AppSchema, AppsService, AppVersionSchema } from './gen/millrace/workspaces/v1/apps_pb';
export type {
  AppPermissions,
  DeprecateAppVersionRequest,
  GetAppRequest,
  ListAppsRequest,
  ListAppVersionsRequest,
  PublishAppRequest,
  UpdateAppRequest,
  WithdrawAppVersionRequest,
} from './gen/millrace/workspaces/v1/apps_pb';
export { AppInstanceSchema, InstancesService } from './gen/millrace/workspaces/v1/instances_pb';
export type {
  ConsentInstanceRequest,
  GetInstanceConfigRequest,
  GetInstanceRequest,
  InstallAppRequest,
  ListInstancesRequest,
  RemoveInstanceRequest,
  UpdateInstanceConfigRequest,
  UpdateInstanceRequest,
  UpgradeInstanceRequest,
} from './gen/millrace/workspaces/v1/instances_pb';
export { ExchangeService, ImportNoteSchema, JobsService } from './gen/millrace/workspaces/v1/exchange_pb';
export type { AdmitImportRequest, GetJobRequest, ImportWorkspaceRequest } from './gen/millrace/workspaces/v1/exchange_pb';
export { LifeService } from './gen/millrace/workspaces/v1/life_pb';
export type {
  DuplicateWorkspaceRequest,
  RestoreWorkspaceRequest,
  SuspendWorkspaceRequest,
  TransferWorkspaceRequest,
} from './gen/millrace/workspaces/v1/life_pb';
