// Written by tools/generate/client.mjs from the API document. Do not edit.
import {
  ApprovalsService,
  AppsService,
  ConfigService,
  ContextsService,
  DeadLettersService,
  DraftsService,
  EndpointsService,
  EventTypesService,
  EventsService,
  FilesService,
  GatewayService,
  HistoryService,
  InstancesService,
  JobsService,
  KeysService,
  LifeService,
  LiveService,
  LogService,
  MembersService,
  PlatformService,
  QuotasService,
  ReplaysService,
  RetentionService,
  RightsService,
  RolloutService,
  RunsService,
  RuntimeService,
  SchedulesService,
  SecretsService,
  ServicesService,
  SharesService,
  TokensService,
  TopicsService,
  VersionsService,
  WorkspacesService,
} from '@millrace/contracts';
import type { Json } from '@millrace/kernel';
import type { Call, ListCall, NoAnswer } from '../typed-call';
import type {
  AcceptInvitationRequest,
  AcceptInvitationResponse,
  ActivateVersionRequest,
  AddTopicMembersRequest,
  AddTopicMembersResponse,
  AggregateEventsRequest,
  AggregateEventsResponse,
  AnswerApprovalRequest,
  App,
  AppInstance,
  AppVersion,
  ApplyDraftRequest,
  ApplyDraftResponse,
  Approval,
  Automation,
  BackfillScheduleRequest,
  BackfillScheduleResponse,
  CancelReplayRequest,
  CancelRunRequest,
  CancelRunsRequest,
  CancelRunsResponse,
  CaptureRunRequest,
  CaptureRunResponse,
  CheckAccessRequest,
  CheckAccessResponse,
  CheckDraftRequest,
  CheckDraftResponse,
  CheckoutVersionRequest,
  CheckoutVersionResponse,
  CloseConnectionRequest,
  CompareRunsRequest,
  CompareRunsResponse,
  ComparedStep,
  Config,
  Connection,
  ConsentInstanceRequest,
  Context,
  CreateAnonymousSessionRequest,
  CreateAnonymousSessionResponse,
  CreateAutomationRequest,
  CreateKeyRequest,
  CreateKeyResponse,
  CreateLinkRequest,
  CreateReplayRequest,
  CreateReplayResponse,
  CreateShareRequest,
  CreateTokenRequest,
  CreateTokenResponse,
  CreateTopicRequest,
  CreateWorkspaceRequest,
  DeadLetter,
  DeadLetterGroup,
  DeleteAutomationRequest,
  DeleteContextRequest,
  DeleteEventTypeRequest,
  DeleteFileRequest,
  DeleteFileTextRequest,
  DeleteRoleRequest,
  DeleteRunRequest,
  DeleteSecretRequest,
  DeleteShareRequest,
  DeleteTopicRequest,
  DeleteVersionRequest,
  DeleteWorkspaceRequest,
  DeprecateAppVersionRequest,
  DiffVersionsRequest,
  DiffVersionsResponse,
  DiscardDeadLettersRequest,
  DiscardDeadLettersResponse,
  DiscardDraftRequest,
  DiscardDraftResponse,
  Draft,
  DraftFile,
  DuplicateWorkspaceRequest,
  EmitEventsRequest,
  EmitEventsResponse,
  EndSessionRequest,
  Endpoint,
  Erasure,
  Event,
  EventLogState,
  EventType,
  EventTypeVersion,
  ExplainAccessRequest,
  ExplainAccessResponse,
  ExplainEventRequest,
  ExplainEventResponse,
  File,
  FileLink,
  GetAppRequest,
  GetAutomationRequest,
  GetConfigRequest,
  GetContextRequest,
  GetDeadLetterRequest,
  GetDraftRequest,
  GetEndpointsDocumentRequest,
  GetErasureRequest,
  GetEventRequest,
  GetEventTypeRequest,
  GetEventTypeVersionRequest,
  GetFileRequest,
  GetFileTextRequest,
  GetInstanceConfigRequest,
  GetInstanceConfigResponse,
  GetInstanceRequest,
  GetJobRequest,
  GetLineageRequest,
  GetLineageResponse,
  GetLogRequest,
  GetMeRequest,
  GetQuotasRequest,
  GetQuotasResponse,
  GetRebuildRequest,
  GetReplayRequest,
  GetRetentionRequest,
  GetRolloutRequest,
  GetRunRequest,
  GetTopicRequest,
  GetUsageRequest,
  GetUsageResponse,
  GetVersionRequest,
  GetVersionResponse,
  GetWorkspaceRequest,
  HistoryRebuild,
  InstallAppRequest,
  InviteMemberRequest,
  Job,
  Key,
  ListAllWorkspacesRequest,
  ListAllWorkspacesResponse,
  ListAppVersionsRequest,
  ListAppVersionsResponse,
  ListApprovalsRequest,
  ListApprovalsResponse,
  ListAppsRequest,
  ListAppsResponse,
  ListAuditRequest,
  ListAuditResponse,
  ListAutomationUsagesRequest,
  ListAutomationUsagesResponse,
  ListAutomationsRequest,
  ListAutomationsResponse,
  ListConnectionsRequest,
  ListConnectionsResponse,
  ListContextsRequest,
  ListContextsResponse,
  ListDeadLetterGroupsRequest,
  ListDeadLetterGroupsResponse,
  ListDeadLettersRequest,
  ListDeadLettersResponse,
  ListEndpointsRequest,
  ListEndpointsResponse,
  ListEventTypesRequest,
  ListEventTypesResponse,
  ListEventsRequest,
  ListEventsResponse,
  ListFilesRequest,
  ListFilesResponse,
  ListInstancesRequest,
  ListInstancesResponse,
  ListKeysRequest,
  ListKeysResponse,
  ListLinksRequest,
  ListLinksResponse,
  ListMembersRequest,
  ListMembersResponse,
  ListPlatformAuditRequest,
  ListPlatformAuditResponse,
  ListReplaysRequest,
  ListReplaysResponse,
  ListRolesRequest,
  ListRolesResponse,
  ListRunEventsRequest,
  ListRunEventsResponse,
  ListRunsRequest,
  ListRunsResponse,
  ListSchedulesRequest,
  ListSchedulesResponse,
  ListSecretUsagesRequest,
  ListSecretUsagesResponse,
  ListSecretsRequest,
  ListSecretsResponse,
  ListServicesRequest,
  ListServicesResponse,
  ListSessionsRequest,
  ListSessionsResponse,
  ListSharesRequest,
  ListSharesResponse,
  ListStepsRequest,
  ListStepsResponse,
  ListTokensRequest,
  ListTokensResponse,
  ListTopicMembersRequest,
  ListTopicMembersResponse,
  ListTopicsRequest,
  ListTopicsResponse,
  ListVersionsRequest,
  ListVersionsResponse,
  ListWorkspacesRequest,
  ListWorkspacesResponse,
  Me,
  Member,
  PatchContextRequest,
  PauseScheduleRequest,
  PlatformWorkspace,
  PollEventsRequest,
  PollEventsResponse,
  PollOwnEventsRequest,
  PollOwnEventsResponse,
  PreviewPurgeRequest,
  PreviewPurgeResponse,
  PreviewScheduleRequest,
  PreviewScheduleResponse,
  PublishAppRequest,
  PublishVersionRequest,
  PutAutomationRequest,
  PutContextRequest,
  PutEventTypeRequest,
  PutFileTextRequest,
  PutRoleRequest,
  RebuildHistoryRequest,
  RedriveDeadLettersRequest,
  RedriveDeadLettersResponse,
  RemoveInstanceRequest,
  RemoveMemberRequest,
  RemoveTopicMemberRequest,
  Replay,
  RestoreWorkspaceRequest,
  ResumeScheduleRequest,
  Retention,
  RetryRunRequest,
  RetryRunResponse,
  RetryRunsRequest,
  RetryRunsResponse,
  RevokeKeyRequest,
  RevokeLinkRequest,
  RevokeTokenRequest,
  Role,
  Rollout,
  RotateKeyRequest,
  RotateKeyResponse,
  Run,
  RunAutomationRequest,
  RunAutomationResponse,
  RunScheduleRequest,
  RunScheduleResponse,
  RunStep,
  RunningService,
  Schedule,
  SearchEventsRequest,
  SearchEventsResponse,
  SearchPlatformRequest,
  SearchPlatformResponse,
  Secret,
  Session,
  SetConfigRequest,
  SetQuotasRequest,
  SetQuotasResponse,
  SetRetentionRequest,
  SetSecretRequest,
  Share,
  SignOutEverywhereRequest,
  StageTextsRequest,
  StageTextsResponse,
  SuspendWorkspaceRequest,
  TestAutomationRequest,
  TestAutomationResponse,
  Token,
  Topic,
  TopicMember,
  TransferWorkspaceRequest,
  UpdateAppRequest,
  UpdateAutomationRequest,
  UpdateFileRequest,
  UpdateInstanceConfigRequest,
  UpdateInstanceConfigResponse,
  UpdateInstanceRequest,
  UpdateKeyRequest,
  UpdateMemberRequest,
  UpdateVersionRequest,
  UpdateWorkspaceRequest,
  UpgradeInstanceRequest,
  UpgradeInstanceResponse,
  Version,
  WithdrawAppVersionRequest,
  Workspace,
} from './shapes';

export interface GatewayCalls {
  /** Says who the caller is, and in which workspaces they have a part. */
  readonly getMe: Call<GetMeRequest, Me>;
  /** Lists the browsers in which the caller is signed in, newest first. */
  readonly listSessions: ListCall<ListSessionsRequest, Session, ListSessionsResponse>;
  /** Signs one of the caller's browsers out. */
  readonly endSession: Call<EndSessionRequest, NoAnswer>;
  /** Signs the caller out of every browser and app. What was given out before this moment counts no more. */
  readonly signOutEverywhere: Call<SignOutEverywhereRequest, NoAnswer>;
  /** Gives a token to somebody without an account, who is then the same one at each visit. With the token of an earlier visit it goes on with that, for thirty days in all. */
  readonly createAnonymousSession: Call<CreateAnonymousSessionRequest, CreateAnonymousSessionResponse>;
  /** Says how far the erasure of a person is who has left, to whoever has the receipt. */
  readonly getErasure: Call<GetErasureRequest, Erasure>;
}

export interface WorkspacesCalls {
  /** Lists the workspaces the caller belongs to, newest first. With `listed=true` those that everybody who is signed in finds, each with its id, slug, name, description, photo and labels, and nothing else of it. */
  readonly listWorkspaces: ListCall<ListWorkspacesRequest, Workspace, ListWorkspacesResponse>;
  /** Creates a workspace; the caller owns it. */
  readonly createWorkspace: Call<CreateWorkspaceRequest, Workspace>;
  /** Shows a workspace. */
  readonly getWorkspace: Call<GetWorkspaceRequest, Workspace>;
  /** Changes a workspace: a merge patch. A slug that it had goes on to answer for 90 days. */
  readonly updateWorkspace: Call<UpdateWorkspaceRequest, Workspace>;
  /** Deletes a workspace. Its automations stop at once. */
  readonly deleteWorkspace: Call<DeleteWorkspaceRequest, NoAnswer>;
  /** Lists the automations of the draft, by slug. */
  readonly listAutomations: ListCall<ListAutomationsRequest, Automation, ListAutomationsResponse>;
  /** Shows an automation of the draft, with its source. */
  readonly getAutomation: Call<GetAutomationRequest, Automation>;
  /** Creates or replaces an automation of the draft. A document with errors is refused and the one before stays, unless `Prefer: handling=lenient` asks for it to be kept. */
  readonly putAutomation: Call<PutAutomationRequest, Automation>;
  /** Creates an automation of the draft. One of that name is left as it is (409). */
  readonly createAutomation: Call<CreateAutomationRequest, Automation>;
  /** Changes what an automation says of itself, in its document, and leaves the rest of it as it is written. A new slug is carried to the calls and tests that name the old one. */
  readonly updateAutomation: Call<UpdateAutomationRequest, Automation>;
  /** Lists where the draft names an automation. */
  readonly listAutomationUsages: Call<ListAutomationUsagesRequest, ListAutomationUsagesResponse>;
  /** Deletes an automation from the draft. */
  readonly deleteAutomation: Call<DeleteAutomationRequest, NoAnswer>;
  /** Makes the draft an immutable version and the one that runs. An unchanged draft answers the version there is. */
  readonly publishVersion: Call<PublishVersionRequest, Version>;
  /** Lists the published versions, newest first. */
  readonly listVersions: ListCall<ListVersionsRequest, Version, ListVersionsResponse>;
}

export interface FilesCalls {
  /** Lists the files, newest first. */
  readonly listFiles: ListCall<ListFilesRequest, File, ListFilesResponse>;
  /** Shows what is known of a file, without its bytes. */
  readonly getFile: Call<GetFileRequest, File>;
  /** Changes a file's name, visibility, metadata or end: a merge patch. */
  readonly updateFile: Call<UpdateFileRequest, File>;
  /** Deletes a file, its bytes and the links to it. */
  readonly deleteFile: Call<DeleteFileRequest, NoAnswer>;
  /** Lists the links to a file that still work. */
  readonly listLinks: ListCall<ListLinksRequest, FileLink, ListLinksResponse>;
  /** Makes a link: whoever has it may download the file until it ends, without signing in. */
  readonly createLink: Call<CreateLinkRequest, FileLink>;
  /** Takes a link back: from now on it leads nowhere. */
  readonly revokeLink: Call<RevokeLinkRequest, NoAnswer>;
}

export interface SecretsCalls {
  /** Lists the secrets by name, without their values. */
  readonly listSecrets: ListCall<ListSecretsRequest, Secret, ListSecretsResponse>;
  /** Sets a secret, or makes it. From then on the new value is used. */
  readonly setSecret: Call<SetSecretRequest, Secret>;
  /** Deletes a secret. */
  readonly deleteSecret: Call<DeleteSecretRequest, NoAnswer>;
  /** Lists where the draft names a secret. */
  readonly listSecretUsages: Call<ListSecretUsagesRequest, ListSecretUsagesResponse>;
}

export interface EventsCalls {
  /** Appends events to the workspace's log: all of them, in order, or none. A 201 means they are durable. */
  readonly emitEvents: Call<EmitEventsRequest, EmitEventsResponse>;
  /** Lists the workspace's history, newest first. The same search as SearchEvents, with its filters in the query. */
  readonly listEvents: ListCall<ListEventsRequest, Event, ListEventsResponse>;
  /** Searches the workspace's history by type, filter, text and time. */
  readonly searchEvents: ListCall<SearchEventsRequest, Event, SearchEventsResponse>;
  /** Shows one event of the history. */
  readonly getEvent: Call<GetEventRequest, Event>;
  /** Lists who did what to the workspace and its rights, when and from where, newest first: the events that make up its audit. */
  readonly listAudit: ListCall<ListAuditRequest, Event, ListAuditResponse>;
  /** Lists the audit of the platform itself: sign-ins, refusals, deletions of people, heap dumps. */
  readonly listPlatformAudit: ListCall<ListPlatformAuditRequest, Event, ListPlatformAuditResponse>;
}

export interface HistoryCalls {
  /** Counts and measures events, in groups: by the values of fields and by spans of time. What would take longer than two seconds or give more than 2,000 rows is refused with `events.too_costly`. */
  readonly aggregateEvents: Call<AggregateEventsRequest, AggregateEventsResponse>;
  /** Shows how much the workspace was used, by period: events, runs, calls of endpoints, sessions and people. */
  readonly getUsage: Call<GetUsageRequest, GetUsageResponse>;
  /** Tells how far into the story of an event one can look: what led to it, and all that it led to, events and runs. Of runs, for who may read them. */
  readonly getLineage: Call<GetLineageRequest, GetLineageResponse>;
  /** Explains what came of an event: the event, the runs it started, those that go on and those that have ended, and what each automation that listens to its type makes of it. For who may also read runs. */
  readonly explainEvent: Call<ExplainEventRequest, ExplainEventResponse>;
}

export interface RetentionCalls {
  /** Shows how long which events are kept. */
  readonly getRetention: Call<GetRetentionRequest, Retention>;
  /** Says how long which events are kept. What is older is hidden when this is answered, and removed soon after. */
  readonly setRetention: Call<SetRetentionRequest, Retention>;
  /** Counts the events that these rules would remove, and changes nothing. */
  readonly previewPurge: Call<PreviewPurgeRequest, PreviewPurgeResponse>;
}

export interface LiveCalls {
  /** Waits for events of the workspace behind a position: answers as soon as there is one, or with none when the time is over. What a client has seen is in `since` alone, so any instance can answer it. */
  readonly pollEvents: Call<PollEventsRequest, PollEventsResponse>;
  /** Waits, as PollEvents does, for what is addressed to the caller in any workspace. */
  readonly pollOwnEvents: Call<PollOwnEventsRequest, PollOwnEventsResponse>;
  /** Lists who follows the workspace's events just now: sockets and event streams on every instance, the newest first. Who asks by long polling, or follows only what is addressed to themselves, is not among them. */
  readonly listConnections: ListCall<ListConnectionsRequest, Connection, ListConnectionsResponse>;
  /** Closes a socket or an event stream, wherever it is; the audit says who did. Its client is told `events.connection_closed` and does not come back by itself, but may: what they may read is a matter of their roles. */
  readonly closeConnection: Call<CloseConnectionRequest, NoAnswer>;
}

export interface LogCalls {
  /** Searches the history of all workspaces, or of some. Who asked and for what is in the audit of the platform before anything is answered. `platform-operator` sees no payloads and cannot ask by them. */
  readonly searchPlatform: ListCall<SearchPlatformRequest, Event, SearchPlatformResponse>;
  /** Shows how full the log is, how far back it reaches, and how far those have come who read it. */
  readonly getLog: Call<GetLogRequest, EventLogState>;
  /** Begins to fill the history anew from the log: what it lacks is added, what it has answers meanwhile, and new events are indexed as ever. One rebuild at a time: while one goes on, it is answered. */
  readonly rebuildHistory: Call<RebuildHistoryRequest, HistoryRebuild>;
  /** Shows how far the rebuild that goes on has come, or how the last one ended. */
  readonly getRebuild: Call<GetRebuildRequest, HistoryRebuild>;
}

export interface TopicsCalls {
  /** Lists the topics of the workspace, the newest first. */
  readonly listTopics: ListCall<ListTopicsRequest, Topic, ListTopicsResponse>;
  /** Makes a topic that events can be addressed to. */
  readonly createTopic: Call<CreateTopicRequest, Topic>;
  /** Shows a topic. */
  readonly getTopic: Call<GetTopicRequest, Topic>;
  /** Deletes a topic: from then on nobody reads what is addressed to it by being in it. */
  readonly deleteTopic: Call<DeleteTopicRequest, NoAnswer>;
  /** Lists who is in a topic. */
  readonly listTopicMembers: ListCall<ListTopicMembersRequest, TopicMember, ListTopicMembersResponse>;
  /** Adds people to a topic. Who adds nobody but themselves needs the right to join topics, else that to update them. */
  readonly addTopicMembers: Call<AddTopicMembersRequest, AddTopicMembersResponse>;
  /** Takes somebody out of a topic. Everybody may leave; to take out others needs the right to update topics. */
  readonly removeTopicMember: Call<RemoveTopicMemberRequest, NoAnswer>;
}

export interface RightsCalls {
  /** Says for up to a hundred actions whether the caller may do them. */
  readonly checkAccess: Call<CheckAccessRequest, CheckAccessResponse>;
  /** Explains what a principal may do here: each rule in order, the one that decides, and the query that lists become. */
  readonly explainAccess: Call<ExplainAccessRequest, ExplainAccessResponse>;
  /** Lists the roles of a workspace: those that every workspace has, the least powerful first, then its own by name. */
  readonly listRoles: ListCall<ListRolesRequest, Role, ListRolesResponse>;
  /** Creates or replaces a role. It takes effect at once, and gives nothing that its author does not have. `everyone` is the role of every caller. */
  readonly putRole: Call<PutRoleRequest, Role>;
  /** Deletes a role; whoever had it has it no more. A role that another one inherits from stays. */
  readonly deleteRole: Call<DeleteRoleRequest, NoAnswer>;
}

export interface EventTypesCalls {
  /** Lists the event types of the draft, by name. */
  readonly listEventTypes: ListCall<ListEventTypesRequest, EventType, ListEventTypesResponse>;
  /** Shows an event type of the draft, with its source. */
  readonly getEventType: Call<GetEventTypeRequest, EventType>;
  /** Declares an event type in the draft, or replaces it. It is in force once published. A document with errors is refused and the one before stays. */
  readonly putEventType: Call<PutEventTypeRequest, EventType>;
  /** Deletes an event type from the draft. The versions of its schema stay answerable. */
  readonly deleteEventType: Call<DeleteEventTypeRequest, NoAnswer>;
  /** Shows a version of an event type's schema: events carry its number. Each that was ever published is kept. */
  readonly getEventTypeVersion: Call<GetEventTypeVersionRequest, EventTypeVersion>;
}

export interface QuotasCalls {
  /** Shows the quotas of a workspace: the most there may be, how much there is, and who says so. */
  readonly getQuotas: Call<GetQuotasRequest, GetQuotasResponse>;
  /** Sets quotas of a workspace; those that are not named stay as they are, and 0 takes one back to the platform's. For the platform's operators. */
  readonly setQuotas: Call<SetQuotasRequest, SetQuotasResponse>;
}

export interface PlatformCalls {
  /** Lists the workspaces of everybody, newest first; deleted ones are none of them. For the platform's operators. */
  readonly listAllWorkspaces: ListCall<ListAllWorkspacesRequest, PlatformWorkspace, ListAllWorkspacesResponse>;
}

export interface ServicesCalls {
  /** Lists the services that run, each as often as there are instances of it. They tell of themselves every few seconds; one that ended without a word is listed for up to fifteen more. For the platform's operators. */
  readonly listServices: ListCall<ListServicesRequest, RunningService, ListServicesResponse>;
}

export interface ConfigCalls {
  /** Shows the configuration that the draft has, as it is written. */
  readonly getConfig: Call<GetConfigRequest, Config>;
  /** Writes the configuration into the draft, as `config` of `workspace.yaml`; comments there stay. It is in force with the next version. What its schema does not allow is refused. */
  readonly setConfig: Call<SetConfigRequest, Config>;
}

export interface DraftsCalls {
  /** Shows what stands in the workspace now, published or not: its files without their texts, what was applied last, and what has changed since. */
  readonly getDraft: Call<GetDraftRequest, Draft>;
  /** Changes many files of the draft at once, or none: all that differ are written in one step. With `dryRun` nothing is written and the answer is the plan. A draft that is not the one of `If-Match` is left alone (409), and the answer names the files that both sides changed. */
  readonly applyDraft: Call<ApplyDraftRequest, ApplyDraftResponse>;
  /** Takes in texts for an apply that is too large for one request, and answers their digests; `known` names them then. No file changes by it. */
  readonly stageTexts: Call<StageTextsRequest, StageTextsResponse>;
  /** Puts the draft, or some of its files, back to what the active version has. */
  readonly discardDraft: Call<DiscardDraftRequest, DiscardDraftResponse>;
  /** Checks the draft as publishing does: its automations together, and its roles against `tests/*.rules.yaml`. */
  readonly checkDraft: Call<CheckDraftRequest, CheckDraftResponse>;
  /** Shows a file of the draft. */
  readonly getFileText: Call<GetFileTextRequest, DraftFile>;
  /** Creates or replaces a file of the draft: tests of rules, `tests/<name>.rules.yaml`. One with mistakes is refused and the one before stays. */
  readonly putFileText: Call<PutFileTextRequest, DraftFile>;
  /** Deletes a file from the draft. */
  readonly deleteFileText: Call<DeleteFileTextRequest, NoAnswer>;
}

export interface VersionsCalls {
  /** Shows a version with its files. */
  readonly getVersion: Call<GetVersionRequest, GetVersionResponse>;
  /** Names a version, or takes its name away. A version with a name is kept whatever comes after it. */
  readonly updateVersion: Call<UpdateVersionRequest, Version>;
  /** Deletes a version. The one that runs and those with a name are refused. */
  readonly deleteVersion: Call<DeleteVersionRequest, NoAnswer>;
  /** Makes a version the one that runs, at once, whether it is older or newer. Runs in flight end on theirs; the draft stays as it is. */
  readonly activateVersion: Call<ActivateVersionRequest, Version>;
  /** Makes the draft what the version is, all files in one write; what runs stays as it is. */
  readonly checkoutVersion: Call<CheckoutVersionRequest, CheckoutVersionResponse>;
  /** Says what is different in another version or in the draft: file by file, and in automations instruction by instruction. */
  readonly diffVersions: Call<DiffVersionsRequest, DiffVersionsResponse>;
}

export interface JobsCalls {
  /** Shows a job to whoever began it. One that is done with something that can be read elsewhere answers 303 with its place; what the call itself would have answered is in `result` either way. */
  readonly getJob: Call<GetJobRequest, Job>;
}

export interface LifeCalls {
  /** Makes a new workspace of the files of another; the caller owns it. Secrets and keys stay where they are. */
  readonly duplicateWorkspace: Call<DuplicateWorkspaceRequest, Workspace>;
  /** Makes a workspace stand still, whole or in part, or go on. While endpoints stand still calls of them are refused (409); while schedules do, their times pass; while events do, they are kept and start nothing: replay them afterwards. Runs in flight end. What the platform's operators stopped, they start again. Needs no `If-Match`, for nothing may stand in its way. */
  readonly suspendWorkspace: Call<SuspendWorkspaceRequest, Workspace>;
  /** Makes a workspace somebody else's, when both have said so. Its owner names a member, and so offers it for 7 days; the member then names themselves, and so takes it. No member takes the offer back. Who owned it stays as an editor, or with the roles they have as a member. Admins of the platform offer any workspace, one that lost its owner too: it then goes on. */
  readonly transferWorkspace: Call<TransferWorkspaceRequest, Workspace>;
  /** Brings a workspace back that was deleted less than 30 days ago. Its keys stay revoked. */
  readonly restoreWorkspace: Call<RestoreWorkspaceRequest, Workspace>;
}

export interface AppsCalls {
  /** Publishes the version that runs as a version of the workspace's app; the first time the app is made. */
  readonly publishApp: Call<PublishAppRequest, AppVersion>;
  /** Lists the apps the caller may see, by slug. */
  readonly listApps: ListCall<ListAppsRequest, App, ListAppsResponse>;
  /** Shows an app. */
  readonly getApp: Call<GetAppRequest, App>;
  /** Lists the versions of an app, newest first, with what each offers and asks for. */
  readonly listAppVersions: ListCall<ListAppVersionsRequest, AppVersion, ListAppVersionsResponse>;
  /** Changes what the catalogue says of an app, and who sees it: a merge patch. */
  readonly updateApp: Call<UpdateAppRequest, App>;
  /** Advises against a version. It stays installed, and may be installed by its number. */
  readonly deprecateAppVersion: Call<DeprecateAppVersionRequest, AppVersion>;
  /** Takes a version back: nobody can install it any more. Where it is installed it goes on. */
  readonly withdrawAppVersion: Call<WithdrawAppVersionRequest, AppVersion>;
}

export interface InstancesCalls {
  /** Lists the installed apps, by instance. */
  readonly listInstances: ListCall<ListInstancesRequest, AppInstance, ListInstancesResponse>;
  /** Installs an app. Without consent to exactly what the app may do the call is refused with 409, and the refusal says what that is. */
  readonly installApp: Call<InstallAppRequest, AppInstance>;
  /** Shows an installed app. */
  readonly getInstance: Call<GetInstanceRequest, AppInstance>;
  /** Switches an instance off or on, labels it, or changes the range its updates come from: a merge patch. */
  readonly updateInstance: Call<UpdateInstanceRequest, AppInstance>;
  /** Removes an installed app from the draft. */
  readonly removeInstance: Call<RemoveInstanceRequest, NoAnswer>;
  /** Moves an instance to another version and says what is different. A dry run only says so. */
  readonly upgradeInstance: Call<UpgradeInstanceRequest, UpgradeInstanceResponse>;
  /** Consents to what the locked version of an instance may do, when its lock came with files. */
  readonly consentInstance: Call<ConsentInstanceRequest, AppInstance>;
  /** Shows the configuration of an instance and the schema it has to fit. */
  readonly getInstanceConfig: Call<GetInstanceConfigRequest, GetInstanceConfigResponse>;
  /** Changes the configuration of an instance: its `config` is a merge patch. */
  readonly updateInstanceConfig: Call<UpdateInstanceConfigRequest, UpdateInstanceConfigResponse>;
}

export interface MembersCalls {
  /** Lists the members, the last that came first; whoever owns the workspace is among them only if they were a member before. */
  readonly listMembers: ListCall<ListMembersRequest, Member, ListMembersResponse>;
  /** Makes somebody a member: a user at once, or, for seven days, whoever signs in with an e-mail address that is verified. Gives no role that says more than whoever invites may do. */
  readonly inviteMember: Call<InviteMemberRequest, Member>;
  /** Changes a member's roles or end: a merge patch. */
  readonly updateMember: Call<UpdateMemberRequest, Member>;
  /** Makes the caller the member that an invitation is for. They must have proven the e-mail address that was invited; it is good once, for seven days, and gives no more than whoever invited may do by then. Without it, who signs in with that address is a member as soon as they come to the workspace. */
  readonly acceptInvitation: Call<AcceptInvitationRequest, AcceptInvitationResponse>;
  /** Takes a member's roles away, or an invitation back. Everybody may leave. */
  readonly removeMember: Call<RemoveMemberRequest, NoAnswer>;
}

export interface SharesCalls {
  /** Lists the shares that hold, the newest first. */
  readonly listShares: ListCall<ListSharesRequest, Share, ListSharesResponse>;
  /** Lets a user, whoever signs in with an e-mail address that is verified, those with a role, or everyone do something with one object. Makes nobody a member, and gives nothing that whoever shares may not do to all objects of its kind. */
  readonly createShare: Call<CreateShareRequest, Share>;
  /** Takes a share back: from then on it gives nothing, to those who are connected neither. */
  readonly deleteShare: Call<DeleteShareRequest, NoAnswer>;
}

export interface KeysCalls {
  /** Lists the keys of a workspace, without their secrets. */
  readonly listKeys: ListCall<ListKeysRequest, Key, ListKeysResponse>;
  /** Makes a key. It may do what its role or its rules say, never more than whoever makes it, now or later. The secret is in this answer and nowhere else. */
  readonly createKey: Call<CreateKeyRequest, CreateKeyResponse>;
  /** Changes a key's name, rights, addresses or end: a merge patch. */
  readonly updateKey: Call<UpdateKeyRequest, Key>;
  /** Revokes a key and those that were made with it: every gateway refuses them within two seconds. Needs no `If-Match`, for nothing may stand in its way. */
  readonly revokeKey: Call<RevokeKeyRequest, NoAnswer>;
  /** Gives a key a new secret. The one before works on for a while, so that whoever uses the key can change over. The secret is in this answer and nowhere else. */
  readonly rotateKey: Call<RotateKeyRequest, RotateKeyResponse>;
}

export interface TokensCalls {
  /** Lists the caller's tokens, newest first, without their secrets. */
  readonly listTokens: ListCall<ListTokensRequest, Token, ListTokensResponse>;
  /** Makes a token for the caller, who must have signed in: no token makes tokens. The secret is in this answer and nowhere else. */
  readonly createToken: Call<CreateTokenRequest, CreateTokenResponse>;
  /** Revokes a token of the caller: every gateway refuses it within two seconds. */
  readonly revokeToken: Call<RevokeTokenRequest, NoAnswer>;
}

export interface RuntimeCalls {
  /** Runs an automation of the active version and answers its output. */
  readonly runAutomation: Call<RunAutomationRequest, RunAutomationResponse>;
  /** Runs an automation as it stands in the draft, with live effects, and answers what it did. */
  readonly testAutomation: Call<TestAutomationRequest, TestAutomationResponse>;
}

export interface EndpointsCalls {
  /** Lists the endpoints of the version that runs whose automations the caller may read, by automation. */
  readonly listEndpoints: ListCall<ListEndpointsRequest, Endpoint, ListEndpointsResponse>;
  /** Describes the same endpoints as an OpenAPI 3.1 document: paths, methods, who may call, parameters, bodies and answers. */
  readonly getEndpointsDocument: Call<GetEndpointsDocumentRequest, Json>;
}

export interface RolloutCalls {
  /** Says which version is to run, and which one each runtime runs. Whoever published waits until it is settled. */
  readonly getRollout: Call<GetRolloutRequest, Rollout>;
}

export interface RunsCalls {
  /** Lists runs: first those that go on, newest first, then those that have ended, last ended first. One that ends meanwhile may come twice. */
  readonly listRuns: ListCall<ListRunsRequest, Run, ListRunsResponse>;
  /** Shows a run: how far it is and what it waits for, or how it ended. */
  readonly getRun: Call<GetRunRequest, Run>;
  /** Deletes what is kept of a run that has ended: its record, with all its steps were asked and gave, and the files it fetched. What it told stays. */
  readonly deleteRun: Call<DeleteRunRequest, NoAnswer>;
  /** Lists the steps of a run in the order they began, with what they were asked and what came of it. */
  readonly listSteps: ListCall<ListStepsRequest, RunStep, ListStepsResponse>;
  /** Lists the events that a run told, oldest first. For who may also read events. */
  readonly listRunEvents: ListCall<ListRunEventsRequest, Event, ListRunEventsResponse>;
  /** Compares two runs that have ended, step by step, in the order of the first one: where they differ, what each was asked and gave, and when. */
  readonly compareRuns: ListCall<CompareRunsRequest, ComparedStep, CompareRunsResponse>;
  /** Makes a flow test of a run that has ended, as `millrace test` plays it: its start, what came of its steps, what it told and gave. For who may also read events, when an event started it. */
  readonly captureRun: Call<CaptureRunRequest, CaptureRunResponse>;
  /** Ends a run at its next step and gives up what it waits for. */
  readonly cancelRun: Call<CancelRunRequest, NoAnswer>;
  /** Cancels the runs that go on and fit the filter, or only counts them: those that had started when this is asked, at most 10,000 at a time. */
  readonly cancelRuns: Call<CancelRunsRequest, CancelRunsResponse>;
  /** Does a run that has ended once more, with the same start, as a new run. It is kept when this is answered. */
  readonly retryRun: Call<RetryRunRequest, RetryRunResponse>;
  /** Does many runs that have ended once more, the longest ended first, or only counts them: as a replay that goes on behind this answer and can be seen and stopped. */
  readonly retryRuns: Call<RetryRunsRequest, RetryRunsResponse>;
}

export interface ReplaysCalls {
  /** Does a run again, or what an event starts, as new runs. With effects blocked nothing outside happens: answered is what would have been done. */
  readonly createReplay: Call<CreateReplayRequest, CreateReplayResponse>;
  /** Lists the replays of many runs, newest first. They are kept for 30 days. */
  readonly listReplays: ListCall<ListReplaysRequest, Replay, ListReplaysResponse>;
  /** Shows how far a replay is. */
  readonly getReplay: Call<GetReplayRequest, Replay>;
  /** Lets a replay begin no more runs. Those it has begun go on. */
  readonly cancelReplay: Call<CancelReplayRequest, NoAnswer>;
}

export interface ApprovalsCalls {
  /** Lists what was asked, newest first. Who may approve runs sees all of it, others what they were asked themselves. */
  readonly listApprovals: ListCall<ListApprovalsRequest, Approval, ListApprovalsResponse>;
  /** Decides what a run asked; the first answer counts. For who was asked by name, and who may approve runs. */
  readonly answerApproval: Call<AnswerApprovalRequest, Approval>;
}

export interface DeadLettersCalls {
  /** Lists the dead letters of a workspace, oldest first. */
  readonly listDeadLetters: ListCall<ListDeadLettersRequest, DeadLetter, ListDeadLettersResponse>;
  /** Lists the faults that dead letters have in common, with how many of them each has; the most first. */
  readonly listDeadLetterGroups: ListCall<ListDeadLetterGroupsRequest, DeadLetterGroup, ListDeadLetterGroupsResponse>;
  /** Shows a dead letter with its event. */
  readonly getDeadLetter: Call<GetDeadLetterRequest, DeadLetter>;
  /** Hands the events of dead letters to the runtime again, the oldest first; a letter leaves when its event is done. Answered before that has happened; restarts do not stop it. Of more than 50,000 letters the first are taken: ask again for the others. */
  readonly redriveDeadLetters: Call<RedriveDeadLettersRequest, RedriveDeadLettersResponse>;
  /** Removes dead letters; their events are not handled any more. */
  readonly discardDeadLetters: Call<DiscardDeadLettersRequest, DiscardDeadLettersResponse>;
}

export interface SchedulesCalls {
  /** Lists the schedules of the version that runs, in the order of its automations. */
  readonly listSchedules: ListCall<ListSchedulesRequest, Schedule, ListSchedulesResponse>;
  /** Starts the automation of a schedule now, paused or not. */
  readonly runSchedule: Call<RunScheduleRequest, RunScheduleResponse>;
  /** Lets no tick fire until the schedule is resumed; those of the meantime are not made up for. */
  readonly pauseSchedule: Call<PauseScheduleRequest, Schedule>;
  /** Goes on with the next tick from now on. */
  readonly resumeSchedule: Call<ResumeScheduleRequest, Schedule>;
  /** Lets the ticks of a past span strike, at most 100, paused or not. A tick that has struck already, by the clock or in a backfill, does not strike again. */
  readonly backfillSchedule: Call<BackfillScheduleRequest, BackfillScheduleResponse>;
  /** Shows when a schedule will strike next, paused or not. */
  readonly previewSchedule: Call<PreviewScheduleRequest, PreviewScheduleResponse>;
}

export interface ContextsCalls {
  /** Lists the contexts of a workspace, without their values. */
  readonly listContexts: ListCall<ListContextsRequest, Context, ListContextsResponse>;
  /** Shows a context. */
  readonly getContext: Call<GetContextRequest, Context>;
  /** Replaces a context, or makes it. */
  readonly putContext: Call<PutContextRequest, Context>;
  /** Changes a context: a merge patch. */
  readonly patchContext: Call<PatchContextRequest, Context>;
  /** Deletes a context. */
  readonly deleteContext: Call<DeleteContextRequest, NoAnswer>;
}

/** Every call of the public API, by the service that answers it. */
export interface Api {
  readonly gateway: GatewayCalls;
  readonly workspaces: WorkspacesCalls;
  readonly files: FilesCalls;
  readonly secrets: SecretsCalls;
  readonly events: EventsCalls;
  readonly history: HistoryCalls;
  readonly retention: RetentionCalls;
  readonly live: LiveCalls;
  readonly log: LogCalls;
  readonly topics: TopicsCalls;
  readonly rights: RightsCalls;
  readonly eventTypes: EventTypesCalls;
  readonly quotas: QuotasCalls;
  readonly platform: PlatformCalls;
  readonly services: ServicesCalls;
  readonly config: ConfigCalls;
  readonly drafts: DraftsCalls;
  readonly versions: VersionsCalls;
  readonly jobs: JobsCalls;
  readonly life: LifeCalls;
  readonly apps: AppsCalls;
  readonly instances: InstancesCalls;
  readonly members: MembersCalls;
  readonly shares: SharesCalls;
  readonly keys: KeysCalls;
  readonly tokens: TokensCalls;
  readonly runtime: RuntimeCalls;
  readonly endpoints: EndpointsCalls;
  readonly rollout: RolloutCalls;
  readonly runs: RunsCalls;
  readonly replays: ReplaysCalls;
  readonly approvals: ApprovalsCalls;
  readonly deadLetters: DeadLettersCalls;
  readonly schedules: SchedulesCalls;
  readonly contexts: ContextsCalls;
}

/** The services, by the names they have in the API. */
export const SERVICES = {
  gateway: GatewayService,
  workspaces: WorkspacesService,
  files: FilesService,
  secrets: SecretsService,
  events: EventsService,
  history: HistoryService,
  retention: RetentionService,
  live: LiveService,
  log: LogService,
  topics: TopicsService,
  rights: RightsService,
  eventTypes: EventTypesService,
  quotas: QuotasService,
  platform: PlatformService,
  services: ServicesService,
  config: ConfigService,
  drafts: DraftsService,
  versions: VersionsService,
  jobs: JobsService,
  life: LifeService,
  apps: AppsService,
  instances: InstancesService,
  members: MembersService,
  shares: SharesService,
  keys: KeysService,
  tokens: TokensService,
  runtime: RuntimeService,
  endpoints: EndpointsService,
  rollout: RolloutService,
  runs: RunsService,
  replays: ReplaysService,
  approvals: ApprovalsService,
  deadLetters: DeadLettersService,
  schedules: SchedulesService,
  contexts: ContextsService,
} as const;
