// Written by tools/generate/client.mjs from the API document. Do not edit.
import type { Json } from '@millrace/kernel';

export interface AcceptInvitationResponse {
  readonly member?: Member;
  readonly workspaceId?: string;
  /** The workspace's short name. */
  readonly slug?: string;
}

/** Where an accepted event stands. */
export interface AcceptedEvent {
  readonly id?: string;
  readonly offset: string;
  readonly time?: string;
}

export interface AccessCheck {
  /** Id or slug. */
  readonly workspace: string;
  readonly action: string;
  readonly subject: string;
  /** Which one: an automation by its slug, a file or a run by its id. What is shared of a run counts, the run itself is not looked at; of other subjects it is not heeded. */
  readonly id?: string;
}

export interface AccessVerdict {
  readonly allowed: boolean;
  /** Allowed on some objects or fields only: which, their conditions say. */
  readonly conditional: boolean;
  /** In one sentence. */
  readonly reason?: string;
}

/** Who caused an event. */
export interface Actor {
  /** user, key, automation, service, worker or anonymous. */
  readonly kind?: string;
  readonly id?: string;
  readonly onBehalfOf?: string;
}

export interface AddTopicMembersResponse {
  /** Those who were not in it before. */
  readonly added: readonly string[];
}

export interface AggregateEventsResponse {
  /** All events that fit, in whichever group. */
  readonly count: number;
  /** The innermost groups: by fields the largest first, by time the earliest first; empty ones are left out. */
  readonly rows: readonly EventRow[];
}

/** A workspace that others may install. */
export interface App {
  readonly slug?: string;
  /** The workspace it is published from. */
  readonly workspaceId?: string;
  readonly name?: string;
  readonly description?: string;
  /** `private`: those who may read apps in its workspace; `listed`: also the workspaces in `listed_for`; `public`: everybody. */
  readonly visibility?: string;
  /** Ids of workspaces that may install it while it is `listed`. Only for who may change the app. */
  readonly listedFor: readonly string[];
  /** The largest number that may be installed; empty: none. */
  readonly latest?: string;
  readonly createdAt?: string;
  readonly updatedAt?: string;
  /** Revision of this document. */
  readonly etag?: string;
  /** Id of the file of its workspace that is its photo: `/v1/workspaces/{workspace_id}/files/{photo}/content` shows it to everybody. Empty: it has none. */
  readonly photo?: string;
  /** How it is used, as Markdown. A list leaves it out. */
  readonly docs?: string;
}

/** An automation of an app that others may call. */
export interface AppAutomation {
  readonly slug?: string;
  readonly name?: string;
  /** What it takes: JSON Schema by argument. */
  readonly arguments?: Json;
}

/** An app that is installed in a workspace. */
export interface AppInstance {
  /** Its name there: the prefix of its events and calls. */
  readonly slug?: string;
  readonly app?: string;
  /** Where its updates come from: `1.2.3`, `^1.2.3`, `~1.2.3`, `1.x` or `latest`. */
  readonly range?: string;
  /** The number that is installed. */
  readonly version?: string;
  /** Digest of its files. */
  readonly digest?: string;
  readonly disabled: boolean;
  readonly labels: readonly string[];
  /** Whether somebody has consented to what this version may do; without it the draft cannot be published. */
  readonly consented: boolean;
  readonly permissions?: AppPermissions;
  /** A larger number inside the range; empty: there is none. */
  readonly newer?: string;
  /** Revision of `apps.yaml`. */
  readonly etag?: string;
}

/** The workspaces that may install an app while it is `listed`. */
export interface AppListing {
  readonly workspaces?: readonly string[];
}

/** What an app may do where it is installed. Names of events are those of the app itself, without the prefix of an instance. */
export interface AppPermissions {
  /** Digest of all of it: what who installs the app consents to. */
  readonly digest?: string;
  /** Types and patterns of the platform's own events that it reads. */
  readonly reads: readonly string[];
  /** Events it emits; `*`: names that are only known when it runs. */
  readonly emits: readonly string[];
  /** Hosts it calls; `*`: addresses that are only known when it runs. */
  readonly hosts: readonly string[];
  /** Names of secrets of the workspace that it uses. */
  readonly secrets: readonly string[];
  /** Whether it keeps answers and uploads as files of the workspace. */
  readonly files: boolean;
  /** Actions it runs. */
  readonly actions: readonly string[];
  /** Apps that come with it, each as `app@number`; their permissions are among these. */
  readonly apps: readonly string[];
  /** Topics that it makes, and whose members it changes; `*`: names that are only known when it runs. */
  readonly topics: readonly string[];
}

/** A version of an app. It never changes, but for its state. */
export interface AppVersion {
  readonly app?: string;
  /** `major.minor.patch`. */
  readonly number?: string;
  /** What is new in it, for people. */
  readonly changes?: string;
  /** Digest of its files. */
  readonly digest?: string;
  /** `offered`, `deprecated` or `withdrawn`. */
  readonly state?: string;
  /** Why it is not offered any more. */
  readonly reason?: string;
  readonly publishedBy?: string;
  readonly publishedAt?: string;
  /** What it may do where it is installed. */
  readonly permissions?: AppPermissions;
  /** Automations that the workspaces which install it may call. */
  readonly automations: readonly AppAutomation[];
  /** Events it declares, without the prefix of an instance. */
  readonly events: readonly string[];
  /** JSON Schema of the configuration of an instance. */
  readonly configSchema?: Json;
}

export interface ApplyDraftResponse {
  /** Digest of the draft as it is now. */
  readonly digest?: string;
  /** Digest of the draft as it is, or would be, after the apply. */
  readonly plannedDigest?: string;
  /** Whether it was written. */
  readonly applied: boolean;
  /** By path; files that stay as they are, are not among them. */
  readonly changes: readonly FileChange[];
  /** How many files stay as they are. */
  readonly unchanged: number;
  /** What was compared with; absent when nothing is known of it. */
  readonly base?: DraftBase;
  /** Files that have changed here since the base. */
  readonly drift: readonly FileTouch[];
  /** Those of them that the caller changed, too, and otherwise. */
  readonly conflicts: readonly FileTouch[];
  /** Errors, warnings and hints of the whole, each with its place. */
  readonly problems: readonly DocumentProblem[];
  /** Secrets that are named somewhere and have no value. */
  readonly missingSecrets: readonly string[];
  /** The digest of the draft as it is now. */
  readonly etag?: string;
}

/** A question of a run to people. */
export interface Approval {
  readonly id?: string;
  readonly runId?: string;
  readonly automation?: string;
  readonly title?: string;
  readonly message?: string;
  /** `asked`, `answered` or `expired`. */
  readonly state?: string;
  /** What can be decided. */
  readonly choices: readonly string[];
  /** JSON Schema of what an answer holds; absent: nothing. */
  readonly form?: Json;
  /** Users who were asked. */
  readonly users: readonly string[];
  /** Roles that were asked. */
  readonly roles: readonly string[];
  /** Users who may not decide. */
  readonly exceptUsers: readonly string[];
  readonly askedAt?: string;
  /** Until when an answer is taken. */
  readonly until?: string;
  readonly answer?: ApprovalAnswer;
}

/** What somebody decided. */
export interface ApprovalAnswer {
  readonly decision?: string;
  /** Id of who decided. */
  readonly by?: string;
  readonly at?: string;
  /** What was filled in: a JSON object. */
  readonly form?: Json;
}

/** An automation of the draft. */
export interface Automation {
  readonly slug?: string;
  readonly name?: string;
  readonly description?: string;
  readonly labels: readonly string[];
  /** The YAML document as it was put. */
  readonly source?: string;
  readonly digest?: string;
  readonly updatedBy?: string;
  readonly updatedAt?: string;
  /** Revision of this document. */
  readonly etag?: string;
  /** Event types and patterns that start it. */
  readonly listens: readonly string[];
  /** Path of its endpoint; empty: none. */
  readonly endpoint?: string;
  /** Warnings and hints; errors only of a document that was kept on purpose. */
  readonly problems: readonly DocumentProblem[];
  /** Event types that it emits, as far as they stand there as they are. */
  readonly emits: readonly string[];
  /** It is neither started nor called. */
  readonly disabled: boolean;
  /** Only automations of its own workspace or app call it. */
  readonly private: boolean;
  /** Other files of the draft that name it by its new slug now; only on renaming. */
  readonly rewritten: readonly string[];
  /** What may still mean it by its old slug; only on renaming. */
  readonly left: readonly AutomationUsage[];
  /** What it calls, as far as it stands there as it is: `automation/greet`, `app/crm.add` for an automation of the app installed as `crm`, `action/parse-cv`, `host/api.example.com`. With `compat: prisme` in the workspace, an automation that is called as an instruction is not among them. */
  readonly calls: readonly string[];
}

/** A place of the draft that names an automation. */
export interface AutomationUsage {
  readonly file?: string;
  /** Counts from 1. */
  readonly line: number;
  /** Counts from 1. */
  readonly column: number;
  /** `call`, `test`, or `mention`: its name stands there, and nobody can tell what it means. */
  readonly kind?: string;
}

export interface BackfillScheduleResponse {
  /** In order. */
  readonly ticks: readonly PastTick[];
  /** How many were started. */
  readonly started: number;
}

/** Something that a replay would have done. */
export interface BlockedEffect {
  readonly step?: string;
  /** `emit`, `write`, `fetch` and so on. */
  readonly kind?: string;
  readonly automation?: string;
  readonly line: number;
  /** What would have been asked. */
  readonly request?: Json;
  /** Whether the replay went on with what had come of it before. */
  readonly recorded: boolean;
}

export interface CancelRunsResponse {
  /** Runs that fit. */
  readonly matched: number;
  /** Of these, how many were cancelled; the others had ended meanwhile, or are beyond what one call cancels: ask again. */
  readonly cancelled: number;
}

export interface CaptureRunResponse {
  /** Where it belongs in the folder of the workspace: `tests/….test.yaml`. */
  readonly file?: string;
  /** YAML. */
  readonly content?: string;
  /** What is to be looked after by hand; it stands in the file as well. */
  readonly notes: readonly string[];
}

export interface CheckAccessResponse {
  /** One for each check, in their order. */
  readonly results: readonly AccessVerdict[];
}

export interface CheckDraftResponse {
  /** Nothing keeps the draft from being published. */
  readonly publishable: boolean;
  /** Errors, warnings and hints, each with its place. */
  readonly problems: readonly DocumentProblem[];
}

export interface CheckoutVersionResponse {
  /** Paths of the draft that are not what they were, by path. */
  readonly created: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
}

/** Gives a role to whoever's claim says so, without membership. Exactly one of `equals`, `contains` and `prefix`. */
export interface ClaimGrant {
  /** `groups`, `email` (when verified), or the name of a claim that the platform passes on. */
  readonly claim?: string;
  readonly equals?: string;
  /** A list that holds it, or a text that does. */
  readonly contains?: string;
  readonly prefix?: string;
}

export interface CompareRunsResponse {
  readonly run?: Run;
  readonly other?: Run;
  /** Where the runs themselves differ, as JSON pointers: `/state`, `/digest`, `/output/total`. */
  readonly differences: readonly string[];
  /** The place of the first step that differs; empty when none does. */
  readonly firstDifference?: string;
  readonly items: readonly ComparedStep[];
  readonly nextCursor?: string;
  /** So many of the oldest steps of one of them were not kept: the first step that both have is where this begins. */
  readonly omitted: number;
}

/** A step of two runs, by its place in them. */
export interface ComparedStep {
  readonly step?: string;
  /** Absent: the run did not come there. */
  readonly run?: RunStep;
  /** Absent: the other run did not come there. */
  readonly other?: RunStep;
  /** Where they differ, as JSON pointers into the step, the first 20: `/output/status`; an empty one for a step of one run alone. Times do not count, nor do ids that no two runs share. */
  readonly differences: readonly string[];
}

/** The configuration of a workspace. */
export interface Config {
  /** JSON Schema of the values; `{}`: anything goes. */
  readonly schema?: Json;
  /** The values by their names. A text may name a secret: `{{secret.NAME}}`. */
  readonly value?: Json;
  /** Who changed `workspace.yaml` last; empty: it is not there yet. */
  readonly updatedBy?: string;
  readonly updatedAt?: string;
  /** Revision of `workspace.yaml`; 0: it is not there yet. */
  readonly etag?: string;
  /** What automations have written, by the names of values: `{"rooms": {"value": 13, "over": "12"}}`. It is in force at once, as long as a version declares what it was written over (`over`, as JSON text; absent: nothing was declared). Without `value` it was deleted. */
  readonly written?: Json;
  /** Where each value comes from, by its name, if this were in force: `workspace` (this document), `environment` (the platform says so: `MILLRACE_WORKSPACE_CONFIG_<slug>_<name>`), `default` (of the schema), `written` (over one of these), `refused` (the environment has one that the schema does not allow; it does not count). */
  readonly sources: Readonly<Record<string, string>>;
}

/** Somebody who follows the events of a workspace. */
export interface Connection {
  /** As CloseConnection takes it. */
  readonly id?: string;
  /** `websocket`, `polling` (socket.io before its upgrade) or `stream`. */
  readonly transport?: string;
  /** Who: `user` or `key` and such, and their id. */
  readonly kind?: string;
  readonly principal?: string;
  readonly openedAt?: string;
  /** How many subscriptions it has. */
  readonly subscriptions: number;
  /** The type patterns of these, each once; at most 20. */
  readonly types: readonly string[];
  /** It has not been given all that happened: it reads too slowly, or is still being led on from a position. */
  readonly behind: boolean;
}

/** Values that runs share. */
export interface Context {
  /** `global`, `user`, `session`, `socket`, `run` or `config`. */
  readonly kind?: string;
  /** Whose: a user, session, socket or correlation; `-` for `global` and `config`, which are everybody's. */
  readonly owner?: string;
  /** The app instance it belongs to; empty: the workspace itself. */
  readonly instance?: string;
  /** A JSON object. Not in lists. */
  readonly value?: Json;
  /** Characters of JSON. */
  readonly size: number;
  /** Revision of this document. */
  readonly etag?: string;
}

export interface CreateAnonymousSessionResponse {
  /** To be sent as "Authorization: Bearer <token>". */
  readonly token?: string;
  readonly expiresAt?: string;
  /** The visitor's id and session, the same at each renewal. */
  readonly id?: string;
  readonly session?: string;
}

export interface CreateKeyResponse {
  readonly key?: Key;
  /** The credential, shown this once. Send it as `Authorization: Bearer …` or `Millrace-Api-Key: …`. */
  readonly secret?: string;
}

export interface CreateReplayResponse {
  readonly runs: readonly ReplayedRun[];
}

export interface CreateTokenResponse {
  readonly token?: Token;
  /** The credential, shown this once. Send it as `Authorization: Bearer …`. */
  readonly secret?: string;
}

/** An event that could not be handled. */
export interface DeadLetter {
  readonly id?: string;
  /** The same for all that failed in the same way. */
  readonly fingerprint?: string;
  /** The automation whose run broke; empty: before any did. */
  readonly automation?: string;
  /** What went wrong the last time. */
  readonly reason?: string;
  readonly attempts: number;
  readonly firstFailedAt?: string;
  readonly lastFailedAt?: string;
  readonly eventId?: string;
  readonly eventType?: string;
  /** What the event told. Not in lists. */
  readonly payload?: Json;
}

/** Dead letters that failed in the same way. */
export interface DeadLetterGroup {
  readonly fingerprint?: string;
  readonly automation?: string;
  /** What went wrong with the latest of them. */
  readonly reason?: string;
  readonly count: number;
  readonly firstFailedAt?: string;
  readonly lastFailedAt?: string;
}

export interface DiffVersionsResponse {
  /** Files that are not the same in both, by path. */
  readonly files: readonly FileDifference[];
}

export interface DiscardDeadLettersResponse {
  /** How many were removed. */
  readonly count: number;
}

export interface DiscardDraftResponse {
  /** Digest of the draft as it is now. */
  readonly digest?: string;
  /** What was done to files, by path. */
  readonly changes: readonly FileChange[];
  /** The digest of the draft as it is now. */
  readonly etag?: string;
}

/** A difference inside a document. */
export interface DocumentChange {
  /** `added`, `removed`, `changed` or `moved`. */
  readonly kind?: string;
  /** Where it is on the newer side, as a JSON Pointer; what was removed: where it was. */
  readonly path?: string;
  /** Where it was before it moved. */
  readonly from?: string;
  /** What it is: `instruction`, `trigger` or `key`. */
  readonly of?: string;
  /** The value before and after, as JSON; empty: there is none. */
  readonly before?: string;
  readonly after?: string;
}

/** One thing wrong with a document, with its place. */
export interface DocumentProblem {
  readonly code?: string;
  readonly severity?: string;
  readonly file?: string;
  readonly line: number;
  readonly column: number;
  readonly message?: string;
}

/** Everything that stands in a workspace now. */
export interface Draft {
  /** SHA-256 of its files, as versions have it: equal content, equal digest. */
  readonly digest?: string;
  /** By path. */
  readonly files: readonly DraftEntry[];
  /** What was applied last; absent: nothing yet. */
  readonly base?: DraftBase;
  /** Files that have changed since, and who changed them. */
  readonly drift: readonly FileTouch[];
  /** The digest: what `If-Match` of an apply names. */
  readonly etag?: string;
}

/** What was applied last: what the next plan compares with. */
export interface DraftBase {
  /** Digest of the draft just after. */
  readonly digest?: string;
  readonly origin?: DraftOrigin;
  readonly appliedBy?: string;
  readonly appliedAt?: string;
}

/** A file of the draft, without its text. */
export interface DraftEntry {
  readonly path?: string;
  /** SHA-256 of the text. */
  readonly digest?: string;
  /** Bytes. */
  readonly size: number;
  /** 1 when created, one more with each change. */
  readonly revision: number;
  readonly updatedBy?: string;
  readonly updatedAt?: string;
}

/** A text file of the draft. */
export interface DraftFile {
  readonly path?: string;
  readonly text?: string;
  readonly digest?: string;
  readonly updatedBy?: string;
  readonly updatedAt?: string;
  /** Revision of this document. */
  readonly etag?: string;
}

/** Where applied files come from. */
export interface DraftOrigin {
  /** The commit they are of. */
  readonly commit?: string;
}

export interface EmitEventsResponse {
  readonly events: readonly AcceptedEvent[];
}

/** An event that a run emitted. */
export interface EmittedEvent {
  readonly id?: string;
  readonly type?: string;
  readonly payload?: Json;
}

/** Where an automation answers HTTP. */
export interface Endpoint {
  /** Full slug of the automation. */
  readonly automation?: string;
  readonly name?: string;
  /** Below `/e/{workspace}/`, as it is written: `orders/:id`, `files/*rest`. */
  readonly path?: string;
  /** In capital letters; all that it answers. */
  readonly methods: readonly string[];
  /** Who may call: `public`, `signed-in`, `members`, or the action that a rule must allow. */
  readonly access?: string;
  /** How calls are signed, such as `github`; empty: they are not. */
  readonly signature?: string;
  /** `result`, or `accepted`: it says where the answer will be. */
  readonly respond?: string;
  /** JSON Schema of the body; absent: any. */
  readonly request?: Json;
}

export interface ErasedBy {
  readonly service?: string;
  readonly at?: string;
  /** How many of what was erased; `eventsKept`: events that still hold the bare id of the account, which leads to nobody any more. */
  readonly counts: Readonly<Record<string, number>>;
}

/** The erasure of a person. Nothing in it names them. */
export interface Erasure {
  /** "leaving": the account is being removed; "erasing": services erase what they keep; "erased": all have. */
  readonly state?: string;
  /** Who wished it: "person", or "provider" when the account was removed there. */
  readonly by?: string;
  readonly beganAt?: string;
  readonly finishedAt?: string;
  /** The services that have erased. */
  readonly erased: readonly ErasedBy[];
}

/** A fact in a workspace's log. */
export interface Event {
  /** Unique in its workspace for ever. */
  readonly id?: string;
  /** `ws_…` or `platform`. */
  readonly workspaceId?: string;
  /** Dotted name in the past tense. */
  readonly type?: string;
  /** Version of the declared schema; 0: none declared. */
  readonly version: number;
  /** When it happened. */
  readonly time?: string;
  /** What it is about, e.g. `offer/<id>`. */
  readonly subject?: string;
  /** That thing's revision after the fact. */
  readonly revision: string;
  /** Ordering key; empty: no order. */
  readonly key?: string;
  /** The fact, a JSON object. */
  readonly payload?: Json;
  /** The whole story this event belongs to. */
  readonly correlationId?: string;
  /** The event or request one step before. */
  readonly causationId?: string;
  /** Automations passed since the root. */
  readonly hops: number;
  readonly actor?: Actor;
  readonly source?: Source;
  readonly target?: Target;
  readonly keep?: 'KEEP_UNSPECIFIED' | 'KEEP_HISTORY' | 'KEEP_LOG' | 'KEEP_LIVE';
  /** W3C trace context. */
  readonly traceparent?: string;
  readonly tracestate?: string;
  /** CloudEvents extensions that mean nothing to us, kept unread. */
  readonly extensions: Readonly<Record<string, string>>;
  /** Paths removed before the log saw them. */
  readonly redacted: readonly string[];
  /** Position in the log: strictly increasing within one epoch. */
  readonly offset: string;
  readonly epoch?: string;
  /** When the log accepted it. */
  readonly recordedAt?: string;
}

/** One level of groups: by a field, or by spans of time. */
export interface EventGroup {
  /** A field, e.g. `type`, `source.app` or `payload.state`. An event stands in a group for each of its values; `null` when it has none. */
  readonly by?: string;
  /** At most so many groups, the largest; 50 when absent. Of fields only. */
  readonly limit?: number;
  /** The length of a span, by the time of the events: weeks begin on Monday. */
  readonly every?: 'PT1M' | 'PT15M' | 'PT1H' | 'P1D' | 'P1W' | 'P1M';
  /** The time zone by whose clocks hours, days, weeks and months begin, e.g. `Europe/Zurich`; UTC when absent. */
  readonly zone?: string;
}

/** An event as a client may state it; everything else about it is the server's to say. */
export interface EventInput {
  /** The client's own id, so that sending it again is the same event. */
  readonly id?: string;
  /** Dotted name, 1 to 8 tokens, e.g. `orders.order.paid`. */
  readonly type: string;
  /** The fact: a JSON object; {} when absent. */
  readonly payload?: Json;
  readonly subject?: string;
  /** Ordering key: events of one key are handled in order. */
  readonly key?: string;
  /** When it happened, from 24 h ago to 5 min ahead; else the server's time is used. */
  readonly time?: string;
  readonly target?: Target;
  readonly keep?: 'KEEP_UNSPECIFIED' | 'KEEP_HISTORY' | 'KEEP_LOG' | 'KEEP_LIVE';
  /** Extensions of CloudEvents that mean nothing here, kept unread: at most 16. */
  readonly extensions?: Readonly<Record<string, string>>;
}

/** The event log. */
export interface EventLogState {
  /** Names one unbroken log: positions of another one mean nothing in it. */
  readonly epoch?: string;
  /** Of the oldest event kept. */
  readonly firstOffset: string;
  /** Of the newest event; 0 before the first one. */
  readonly lastOffset: string;
  /** When the log took the oldest event kept; absent: it has none. */
  readonly firstRecordedAt?: string;
  readonly bytes: string;
  /** Bytes that it may hold. At four fifths of it the door closes to clients. */
  readonly capacity: string;
  /** Days that it keeps what everybody has done, unless it would fill. */
  readonly days: number;
  /** By name. */
  readonly durables: readonly LogDurable[];
}

/** What to find out about each group. */
export interface EventMeasure {
  /** `sum`, `avg`, `min`, `max` and `percentiles` are of the numbers in the field, `distinct` counts its different values. */
  readonly op?: 'sum' | 'avg' | 'min' | 'max' | 'percentiles' | 'distinct';
  /** A field, e.g. `payload.total`. */
  readonly of: string;
}

/** So many percent of the numbers are no larger than the value. */
export interface EventPercentile {
  readonly percent: number;
  readonly value: number;
}

/** A group and what was found out about it. */
export interface EventRow {
  /** A list of the group's values, one for each level: text, number, boolean or null, or the time at which a span begins. */
  readonly group?: Json;
  /** Events in it. */
  readonly count: number;
  /** In the order of the question. */
  readonly measures: readonly MeasuredEvents[];
}

/** An event that a workspace declares, as it stands in the draft. */
export interface EventType {
  /** Its name, e.g. `orders.placed`. */
  readonly type?: string;
  readonly title?: string;
  readonly description?: string;
  /** JSON Schema of the payload; absent: none. */
  readonly schema?: Json;
  /** What becomes of a payload that does not fit: `enforce`, `warn` or `off`. */
  readonly mode?: string;
  /** `backward`: a new schema must accept what the old one did. `none`: it need not. */
  readonly compatibility?: string;
  /** Whether clients may send it: `true`, `false`, or a filter over the event. */
  readonly clients?: string;
  /** Path into the payload whose value orders the events. */
  readonly key?: string;
  /** Paths into the payload that are removed before the log sees them. */
  readonly secret: readonly string[];
  /** Paths into the payload that speak of a person. */
  readonly personal: readonly string[];
  /** Number of its schema; 0 until a version with this schema was published, and without a schema. */
  readonly version: number;
  /** The YAML document as it was put. */
  readonly source?: string;
  readonly digest?: string;
  readonly updatedBy?: string;
  readonly updatedAt?: string;
  /** Revision of this document. */
  readonly etag?: string;
  /** Warnings and hints; errors are refused. */
  readonly problems: readonly DocumentProblem[];
}

/** A schema that was published. */
export interface EventTypeVersion {
  readonly type?: string;
  /** 1 for the first; a number is given once. */
  readonly number: number;
  /** JSON Schema of the payload. */
  readonly schema?: Json;
  /** When it was first published. */
  readonly declaredAt?: string;
}

/** What went on in a period. */
export interface EventUsage {
  /** When the period begins. */
  readonly from?: string;
  readonly events: number;
  /** Runs that ended. */
  readonly runs: number;
  /** Runs that a call of an endpoint had started. */
  readonly calls: number;
  /** Different sessions in which something happened. */
  readonly sessions: number;
  /** Different people who did something. */
  readonly users: number;
}

export interface ExplainAccessResponse {
  /** `allowed`, `refused` or `depends`. */
  readonly decision?: string;
  readonly why?: string;
  /** The roles the principal has, beside `everyone`. */
  readonly roles: readonly string[];
  /** In order. */
  readonly rules: readonly ExplainedRule[];
  /** What a list asks the store: a filter, `everything` or `nothing`. */
  readonly query?: string;
}

export interface ExplainEventResponse {
  readonly event?: Event;
  /** The runs it started that the caller may read, at most 50. */
  readonly runs: readonly StartedRun[];
  /** What the version that is active now makes of it, by automation: those that listen to its type and that the caller may read. */
  readonly decisions: readonly MatchDecision[];
  /** Digest of that version; empty: none is active, or the caller may read no automation. */
  readonly version?: string;
}

/** What became of one rule. */
export interface ExplainedRule {
  readonly rule?: RoleRule;
  /** The role it comes from. */
  readonly role?: string;
  /** `matched`, `not-matched`, `not-evaluated` (a denying rule then counts as matching, an allowing one does not), `depends` on the object, or `other` when it speaks of something else. */
  readonly outcome?: string;
  readonly why?: string;
  /** It decides. */
  readonly decides: boolean;
  /** The share it comes from. */
  readonly share?: string;
}

/** What is known of a file. */
export interface File {
  readonly id?: string;
  readonly name?: string;
  /** Bytes. */
  readonly size: number;
  /** Media type, found by its content. */
  readonly type?: string;
  /** SHA-256 of its bytes, lower-case hex. */
  readonly sha256?: string;
  /** `private`: who put it there and who may read files. `workspace`: every member. `public`: everybody who has its address. */
  readonly visibility?: string;
  /** Names and texts of its own. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Who put it there. */
  readonly owner?: string;
  readonly createdAt?: string;
  readonly updatedAt?: string;
  readonly updatedBy?: string;
  /** When it is deleted by itself; absent: never. */
  readonly expiresAt?: string;
  /** Revision of this document. */
  readonly etag?: string;
}

/** What an apply does to a file. */
export interface FileChange {
  readonly path?: string;
  /** `created`, `changed`, `removed`, or `extra`: it stands in the draft only, and would be removed with `prune`. */
  readonly change?: string;
}

/** A file that is not the same on both sides. */
export interface FileDifference {
  readonly path?: string;
  /** `created`, `changed` or `removed` on the way from the version to the other. */
  readonly kind?: string;
  /** In an automation: what changed in its keys, triggers and instructions. Empty where only comments or layout did, or it cannot be read. */
  readonly changes: readonly DocumentChange[];
  /** The lines, as a unified diff; for a file of more than 2,000 lines empty. */
  readonly text?: string;
}

/** A link to a file. */
export interface FileLink {
  readonly id?: string;
  /** Path of the link below the address of the API. */
  readonly path?: string;
  readonly createdAt?: string;
  readonly createdBy?: string;
  readonly expiresAt?: string;
}

/** A file that is not as it was. */
export interface FileTouch {
  readonly path?: string;
  /** `created`, `changed` or `removed`. */
  readonly change?: string;
  /** Who changed it last; empty when it was removed. */
  readonly updatedBy?: string;
  readonly updatedAt?: string;
}

export interface GetInstanceConfigResponse {
  /** As written: secrets stand as `{{secret.NAME}}`. */
  readonly config?: Json;
  readonly configSchema?: Json;
  /** Revision of `apps.yaml`. */
  readonly etag?: string;
}

export interface GetLineageResponse {
  /** In the order of the log; a run stands where the first event of it does. */
  readonly nodes: readonly LineageNode[];
  /** There is more than what is shown. */
  readonly truncated: boolean;
}

export interface GetQuotasResponse {
  readonly items: readonly Quota[];
  /** Revision of what was set for this workspace. */
  readonly etag?: string;
}

export interface GetUsageResponse {
  /** Periods in which something happened, the earliest first. */
  readonly items: readonly EventUsage[];
}

export interface GetVersionResponse {
  readonly version?: Version;
  /** By path. */
  readonly files: readonly VersionFile[];
  /** It is the one that runs. */
  readonly active: boolean;
  /** As in the version. */
  readonly etag?: string;
}

/** A rebuild of the history. */
export interface HistoryRebuild {
  readonly id?: string;
  /** `running` or `finished`. */
  readonly state?: 'running' | 'finished';
  readonly startedAt?: string;
  readonly finishedAt?: string;
  /** The newest event that the log had at its beginning: with it the rebuild ends. */
  readonly lastOffset: string;
  /** Up to here all is done. */
  readonly offset: string;
  /** Events that the history has now, whether or not it had them before. */
  readonly events: string;
  /** Events that are not for the history, or no longer. */
  readonly skipped: string;
  /** Events that the store never takes. */
  readonly refused: string;
}

/** A place where imported text means something else here. */
export interface ImportDifference {
  /** The row of the compatibility table. */
  readonly row: number;
  readonly line: number;
  readonly column: number;
  readonly message?: string;
}

/** What became of one file of an archive, or of an app that came with it. */
export interface ImportNote {
  /** Of an app the folder that it stands in: `apps/<slug>@<number>/`. */
  readonly file?: string;
  /** `same`, `translated`, `kept, unused` or `refused`. */
  readonly outcome?: string;
  readonly reason?: string;
  /** Places where the text means something else here than where it comes from. */
  readonly differences: readonly ImportDifference[];
}

export interface ImportWorkspaceResponse {
  /** Absent when a new one would be made. */
  readonly workspace?: Workspace;
  /** Paths of the draft, each kind by path. */
  readonly created: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
  /** How many files are as they were. */
  readonly unchanged: number;
  /** What became of each file of the archive. */
  readonly report: readonly ImportNote[];
  /** Errors, warnings and hints of the draft as it is now. */
  readonly problems: readonly DocumentProblem[];
  /** Names of secrets that are asked for and not set. */
  readonly missingSecrets: readonly string[];
  /** It was done. */
  readonly applied: boolean;
  /** Id of the job as which it goes on; nothing else is said then. */
  readonly job?: string;
}

/** The labels of an instance. */
export interface InstanceLabels {
  readonly labels?: readonly string[];
}

export interface Job {
  readonly id?: string;
  /** What it does: `import`. */
  readonly kind?: string;
  /** `running`, `done` or `failed`. */
  readonly state?: string;
  readonly progress?: JobProgress;
  /** What the call would have answered; absent unless it is done. */
  readonly result?: ImportWorkspaceResponse;
  /** Why nothing came of it; absent unless it failed. */
  readonly problem?: JobProblem;
  readonly createdAt?: string;
  /** Absent while it runs. */
  readonly endedAt?: string;
  /** When it is forgotten; absent while it runs. */
  readonly expiresAt?: string;
}

export interface JobFault {
  /** JSON pointer. */
  readonly pointer?: string;
  readonly code?: string;
  readonly detail?: string;
}

/** Why nothing came of a job: what its caller would have been refused with. */
export interface JobProblem {
  readonly code?: string;
  readonly detail?: string;
  /** The places in what was sent that are in the way. */
  readonly errors: readonly JobFault[];
}

/** How much of a job is done. */
export interface JobProgress {
  /** Files that were seen to. */
  readonly done: number;
  /** Files there are; 0 while nobody knows. */
  readonly total: number;
}

/** A key of a workspace. */
export interface Key {
  readonly id?: string;
  readonly name?: string;
  /** The role it has; empty: its rules say what it may do. */
  readonly role?: string;
  readonly rules: readonly RoleRule[];
  /** Networks it may be used from, as `203.0.113.0/24`; none: from anywhere. */
  readonly addresses: readonly string[];
  /** What its secrets begin with, to tell it from others. */
  readonly prefix?: string;
  /** `user` or `key`, and which: the key never may more than its maker. */
  readonly makerKind?: string;
  readonly makerId?: string;
  readonly createdAt?: string;
  readonly expiresAt?: string;
  readonly rotatedAt?: string;
  /** Until when the secret before the last rotation works; absent: it does not. */
  readonly overlapEndsAt?: string;
  /** The day it was last used, `2026-01-31`; empty: never. */
  readonly lastUsedOn?: string;
  /** Revision of this document. */
  readonly etag?: string;
}

/** Networks, as a whole. */
export interface KeyAddresses {
  readonly networks?: readonly string[];
}

/** New rights, as a whole: a role or rules. */
export interface KeyRights {
  readonly role?: string;
  readonly rules?: readonly RoleRule[];
}

/** Labels, replaced as a whole. */
export interface LabelList {
  readonly items?: readonly string[];
}

/** An event, or a run, in a story. */
export interface LineageNode {
  /** Of the event or run. */
  readonly id?: string;
  /** `event` or `run`. */
  readonly kind?: string;
  /** The type of the event; of a run, its automation. */
  readonly name?: string;
  readonly time?: string;
  /** What led to it: the event or request one step before; of an event that a run emitted, the run. */
  readonly cause?: string;
}

export interface ListAllWorkspacesResponse {
  readonly items: readonly PlatformWorkspace[];
  readonly nextCursor?: string;
}

export interface ListAppVersionsResponse {
  readonly items: readonly AppVersion[];
  readonly nextCursor?: string;
}

export interface ListApprovalsResponse {
  readonly items: readonly Approval[];
  readonly nextCursor?: string;
}

export interface ListAppsResponse {
  readonly items: readonly App[];
  readonly nextCursor?: string;
}

export interface ListAuditResponse {
  readonly items: readonly Event[];
  readonly nextCursor?: string;
}

export interface ListAutomationUsagesResponse {
  /** By file and line. */
  readonly items: readonly AutomationUsage[];
}

export interface ListAutomationsResponse {
  /** Without their sources. */
  readonly items: readonly Automation[];
  readonly nextCursor?: string;
}

export interface ListConnectionsResponse {
  readonly items: readonly Connection[];
  readonly nextCursor?: string;
}

export interface ListContextsResponse {
  readonly items: readonly Context[];
  readonly nextCursor?: string;
}

export interface ListDeadLetterGroupsResponse {
  readonly items: readonly DeadLetterGroup[];
  readonly nextCursor?: string;
}

export interface ListDeadLettersResponse {
  readonly items: readonly DeadLetter[];
  readonly nextCursor?: string;
}

export interface ListEndpointsResponse {
  readonly items: readonly Endpoint[];
  readonly nextCursor?: string;
}

export interface ListEventTypesResponse {
  /** Without their sources and schemas. */
  readonly items: readonly EventType[];
  readonly nextCursor?: string;
}

export interface ListEventsResponse {
  readonly items: readonly Event[];
  readonly nextCursor?: string;
  /** How many fit in all, when that was asked: exact up to 10,000. */
  readonly count?: number;
  /** Whether there are more than `count`, with it. */
  readonly countIsLeast?: boolean;
}

export interface ListFilesResponse {
  readonly items: readonly File[];
  readonly nextCursor?: string;
}

export interface ListInstancesResponse {
  readonly items: readonly AppInstance[];
  readonly nextCursor?: string;
}

export interface ListKeysResponse {
  readonly items: readonly Key[];
  readonly nextCursor?: string;
}

export interface ListLinksResponse {
  readonly items: readonly FileLink[];
  readonly nextCursor?: string;
}

export interface ListMembersResponse {
  readonly items: readonly Member[];
  readonly nextCursor?: string;
}

export interface ListPlatformAuditResponse {
  readonly items: readonly Event[];
  readonly nextCursor?: string;
}

export interface ListReplaysResponse {
  readonly items: readonly Replay[];
  readonly nextCursor?: string;
}

export interface ListRolesResponse {
  readonly items: readonly Role[];
  readonly nextCursor?: string;
}

export interface ListRunEventsResponse {
  readonly items: readonly Event[];
  readonly nextCursor?: string;
}

export interface ListRunsResponse {
  readonly items: readonly Run[];
  readonly nextCursor?: string;
}

export interface ListSchedulesResponse {
  readonly items: readonly Schedule[];
  readonly nextCursor?: string;
}

export interface ListSecretUsagesResponse {
  readonly items: readonly SecretUsage[];
}

export interface ListSecretsResponse {
  readonly items: readonly Secret[];
  readonly nextCursor?: string;
}

export interface ListServicesResponse {
  readonly items: readonly RunningService[];
  readonly nextCursor?: string;
}

export interface ListSessionsResponse {
  readonly items: readonly Session[];
  readonly nextCursor?: string;
}

export interface ListSharesResponse {
  readonly items: readonly Share[];
  readonly nextCursor?: string;
}

export interface ListStepsResponse {
  readonly items: readonly RunStep[];
  readonly nextCursor?: string;
  /** The oldest steps, so many, were not kept. */
  readonly omitted: number;
}

export interface ListTokensResponse {
  readonly items: readonly Token[];
  readonly nextCursor?: string;
}

export interface ListTopicMembersResponse {
  readonly items: readonly TopicMember[];
  readonly nextCursor?: string;
}

export interface ListTopicsResponse {
  readonly items: readonly Topic[];
  readonly nextCursor?: string;
}

export interface ListVersionsResponse {
  readonly items: readonly Version[];
  readonly nextCursor?: string;
}

export interface ListWorkspacesResponse {
  readonly items: readonly Workspace[];
  readonly nextCursor?: string;
}

/** How far a durable reader of the log has come. */
export interface LogDurable {
  readonly name?: string;
  /** Events that it has not done, those in hand included. */
  readonly lag: string;
  /** When the log took the oldest of them; absent: there is none. */
  readonly oldestUndoneAt?: string;
  /** Events that it gave up and that wait for somebody; 20: as many or more. */
  readonly deadLetters: number;
  /** It is set up as one that nobody consumes any more: the log does not wait for it. */
  readonly abandoned: boolean;
}

/** What an automation makes of an event. */
export interface MatchDecision {
  readonly automation?: string;
  /** `matches`: it starts. `filtered`: its filter does not accept the event. `disabled`: it is switched off. `frozen`: events start nothing in the workspace for now. `too_deep`: too many automations led to the event. */
  readonly outcome?: string;
  /** The pattern that the event's type fits. */
  readonly pattern?: string;
  /** The filter that did not accept the event. */
  readonly filter?: string;
  /** The part of the filter by which it did not; empty when it asks for what the caller may not see of the event. */
  readonly part?: string;
}

/** Who is calling: the principal that services see, and what the caller has part in. */
export interface Me {
  readonly kind?: string;
  readonly id?: string;
  readonly name?: string;
  readonly email?: string;
  readonly verified: boolean;
  /** Roles of the platform, not of workspaces. */
  readonly roles: readonly string[];
  readonly session?: string;
  readonly workspace?: string;
  readonly onBehalfOf?: string;
  readonly scopes: readonly string[];
  readonly workspaces: readonly string[];
  /** The workspaces the caller belongs to, newest first; the first 200. */
  readonly memberships: readonly Membership[];
  /** Whether more may belong to `memberships`: there are too many, or they cannot be told at the moment. */
  readonly incomplete: boolean;
}

/** A measure of a group. */
export interface MeasuredEvents {
  /** Absent when there is no number to say it of, and for percentiles. */
  readonly value?: number;
  readonly percentiles: readonly EventPercentile[];
}

/** Somebody who has roles in a workspace. */
export interface Member {
  readonly id?: string;
  /** Id of the user; empty: whoever has the e-mail address. */
  readonly userId?: string;
  readonly email?: string;
  readonly roles: readonly string[];
  readonly invitedBy?: string;
  readonly createdAt?: string;
  /** From then on the roles are gone; absent: never. */
  readonly expiresAt?: string;
  /** Revision of this document. */
  readonly etag?: string;
  /** `invited`: nobody has proven the e-mail address yet. `active`: it is known who they are. */
  readonly state?: string;
  /** Until when an invitation can be accepted; absent: there is none, or it does not end. */
  readonly invitedUntil?: string;
  /** What the invitation is accepted with. Only in the answer to inviting: it is kept nowhere, and whoever invites hands it on. */
  readonly invitation?: string;
}

/** A workspace and what the caller is there. */
export interface Membership {
  readonly workspaceId?: string;
  readonly slug?: string;
  readonly name?: string;
  readonly role?: string;
}

/** A tick of the past. */
export interface PastTick {
  readonly at?: string;
  /** The event that starts the run. */
  readonly eventId?: string;
  /** It has struck already, so nothing was started. In a dry run: as far as its run is known. */
  readonly known: boolean;
}

/** A workspace as those see it who run the platform. */
export interface PlatformWorkspace {
  readonly id?: string;
  readonly slug?: string;
  readonly name?: string;
  /** Id of the user who owns it; empty: they have left for good. */
  readonly owner?: string;
  /** `active` or `suspended`. */
  readonly state?: string;
  readonly labels: readonly string[];
  /** What stands still: `schedules`, `endpoints`, `events`. */
  readonly freezes: readonly string[];
  /** Why something stands still. */
  readonly suspensionReason?: string;
  readonly createdAt?: string;
  readonly updatedAt?: string;
}

export interface PollEventsResponse {
  readonly events: readonly Event[];
  /** Position to give as `since` next time. */
  readonly next?: string;
  /** Whether nothing is missing between `since` and `next`. */
  readonly recovered: boolean;
  /** Why something is missing: `expired`, `epoch` or `too-far`. */
  readonly reason?: string;
  /** Whether more events are waiting already. */
  readonly more: boolean;
}

export interface PollOwnEventsResponse {
  readonly events: readonly Event[];
  /** Position to give as `since` next time. */
  readonly next?: string;
  /** Whether nothing is missing between `since` and `next`. */
  readonly recovered: boolean;
  /** Why something is missing: `expired`, `epoch` or `too-far`. */
  readonly reason?: string;
  /** Whether more events are waiting already. */
  readonly more: boolean;
}

export interface PreviewPurgeResponse {
  readonly count: number;
  /** The types with the most, at most 200. */
  readonly types: readonly PurgedType[];
}

export interface PreviewScheduleResponse {
  readonly times: readonly ScheduleTime[];
}

/** How many events of a type would go. */
export interface PurgedType {
  readonly type?: string;
  readonly count: number;
}

/** A most, and how much of it is used. */
export interface Quota {
  /** `automations` or `event-types` of the draft, which operators set; the same for all: `apps`, instances of the draft; `draft-files`; `files` and `file-bytes`, what was uploaded; `keys`; `labels`; `members`; `origins`, of `settings.allowedOrigins`; `roles`; `secrets`; `shares`; `versions`, beyond which those stay that have a name or run. */
  readonly name?: string;
  /** The most there may be. */
  readonly most: string;
  /** How much there is. */
  readonly used: string;
  /** Who says so: `platform` for all workspaces alike, or `workspace` for this one. */
  readonly source?: string;
}

export interface RedriveDeadLettersResponse {
  /** How many will be handed out. */
  readonly count: number;
}

/** Many runs done again, a few each second. */
export interface Replay {
  readonly id?: string;
  /** `running`, `done`: all were seen to, or `cancelled`. */
  readonly state?: string;
  /** `same` or `active`. */
  readonly version?: string;
  /** How many runs are begun in a second. */
  readonly rate: number;
  /** Runs that it is for. */
  readonly matched: number;
  /** Runs begun again so far. */
  readonly begun: number;
  /** Runs that could not be. */
  readonly failed: number;
  /** The first of these. */
  readonly problems: readonly ReplayProblem[];
  /** Who asked for it. */
  readonly by?: string;
  readonly createdAt?: string;
  readonly endedAt?: string;
}

/** Why a run could not be begun again. */
export interface ReplayProblem {
  readonly runId?: string;
  readonly code?: string;
  readonly message?: string;
}

/** A run that repeats another. */
export interface ReplayedRun {
  readonly runId?: string;
  readonly automation?: string;
  /** The run it repeats. */
  readonly replayOf?: string;
  /** With effects blocked: `succeeded`, `failed` or `cancelled`; else empty, for it goes on. */
  readonly state?: string;
  /** With effects blocked, what it gave. */
  readonly output?: Json;
  readonly error?: RunError;
  /** With effects blocked, what it would have done. */
  readonly blocked: readonly BlockedEffect[];
}

/** Which events are kept how long. */
export interface Retention {
  /** Of the rules that fit a type, the first counts. */
  readonly rules: readonly RetentionRule[];
  /** Days that events are kept which no rule fits. */
  readonly defaultDays: number;
  /** Days that the events of the audit are kept, whatever the rules say. */
  readonly auditDays: number;
  /** Revision of the rules. */
  readonly etag?: string;
}

/** How long events of some types are kept. */
export interface RetentionRule {
  /** Type patterns; `*` is one token, a final `>` the rest. */
  readonly types?: readonly string[];
  /** Days, by the time of the event. */
  readonly days?: number;
}

export interface RetryRunResponse {
  readonly runId?: string;
}

export interface RetryRunsResponse {
  /** Runs that fit; one replay takes at most 10,000. */
  readonly matched: number;
  /** Absent when they were only counted, or none fits. */
  readonly replay?: Replay;
}

/** A role of a workspace. */
export interface Role {
  readonly name?: string;
  readonly title?: string;
  /** Every workspace has it, and none can change it. */
  readonly builtIn: boolean;
  readonly rules: readonly RoleRule[];
  /** Roles whose rules it has too. */
  readonly inherits: readonly string[];
  readonly grants: readonly ClaimGrant[];
  readonly updatedBy?: string;
  readonly updatedAt?: string;
  /** Revision of this document; empty for those that are built in. */
  readonly etag?: string;
}

/** One sentence of a role: it allows or denies actions on subjects, one of the two. */
export interface RoleRule {
  /** Actions it allows; `manage` is all of them. */
  readonly allow?: readonly string[];
  /** Actions it denies, whatever other rules allow. */
  readonly deny?: readonly string[];
  /** Subjects it speaks of. */
  readonly on?: readonly string[];
  /** Only objects that this filter matches: the grammar of searches, with variables as `${user.id}`. */
  readonly where?: string;
  /** Only these fields, as dot paths. A rule that denies hides them. */
  readonly fields?: readonly string[];
  /** Told to whoever a denying rule refuses. */
  readonly reason?: string;
  /** `drop`: copies of the workspace come without this rule. */
  readonly onDuplicate?: 'drop';
}

/** How far the version that is to run has come. */
export interface Rollout {
  /** Id of the version that is to run; empty: nothing runs here. */
  readonly version?: string;
  readonly digest?: string;
  /** Every runtime runs it. */
  readonly settled: boolean;
  /** The runtimes there are, by their names. */
  readonly instances: readonly RolloutInstance[];
}

/** What one runtime runs of the workspace. */
export interface RolloutInstance {
  readonly instance?: string;
  /** Digest of the version that it starts runs on; empty while it is behind: it refuses rather than run an older one. */
  readonly digest?: string;
  /** It has not yet heard of the version that is to run. */
  readonly behind: boolean;
  readonly startedAt?: string;
}

export interface RotateKeyResponse {
  readonly key?: Key;
  /** The credential, shown this once. */
  readonly secret?: string;
}

/** One execution of an automation. */
export interface Run {
  readonly id?: string;
  readonly automation?: string;
  /** `running`, `parked`, `succeeded`, `failed` or `cancelled`. */
  readonly state?: string;
  /** The version it runs on. */
  readonly digest?: string;
  readonly trigger?: RunTrigger;
  readonly correlationId?: string;
  readonly startedAt?: string;
  readonly endedAt?: string;
  /** Milliseconds from its start to its end. */
  readonly duration: string;
  readonly error?: RunError;
  /** Why it was cancelled. */
  readonly reason?: string;
  /** What it gave; a large one is left out. Not in lists. */
  readonly output?: Json;
  readonly waitsFor: readonly RunWait[];
  /** The run that it repeats. */
  readonly replayOf?: string;
}

export interface RunAutomationResponse {
  readonly runId?: string;
  readonly output?: Json;
  /** Where the answer will be, when the run goes on; the output is null then. */
  readonly result?: string;
}

/** Why a run or a step failed, and where. */
export interface RunError {
  readonly code?: string;
  readonly message?: string;
  /** The automation that failed; another one when it was called. */
  readonly automation?: string;
  /** The place of the instruction in the run. */
  readonly step?: string;
  readonly file?: string;
  readonly line: number;
  readonly column: number;
}

export interface RunScheduleResponse {
  /** The event that starts the run. */
  readonly eventId?: string;
}

/** One step of a run. */
export interface RunStep {
  /** The place in the run. */
  readonly step?: string;
  readonly kind?: string;
  readonly automation?: string;
  readonly line: number;
  readonly startedAt?: string;
  /** Absent: it goes on, or nobody waited for it. */
  readonly endedAt?: string;
  /** What was asked; a large value is left out. */
  readonly input?: Json;
  /** What came of it; a large value is left out. */
  readonly output?: Json;
  readonly error?: RunError;
  /** More than one: it was tried again. */
  readonly attempts: number;
}

/** Why a run began. */
export interface RunTrigger {
  /** `event`, `endpoint`, `schedule` or `test`. */
  readonly type?: string;
  /** The type of the event, the path of the endpoint, the schedule as written, the automation tested. */
  readonly value?: string;
  /** Id of the event or request. */
  readonly id?: string;
}

/** Something a run waits for. */
export interface RunWait {
  readonly step?: string;
  /** `wait`, `sleep`, `approve`, `fetch` and so on. */
  readonly kind?: string;
  readonly automation?: string;
  readonly line: number;
  readonly since?: string;
  /** When it goes on without. */
  readonly until?: string;
  /** The events waited for. */
  readonly events: readonly string[];
  /** What people were asked. */
  readonly title?: string;
}

/** A service in one process. */
export interface RunningService {
  /** Of this instance; another one after each start. */
  readonly id?: string;
  readonly service?: string;
  /** The machine, or the container, that it runs in. */
  readonly host?: string;
  /** Of the program; `unknown` when it does not say. */
  readonly version?: string;
  /** Whether it takes work: it has started, is not stopping, and what it cannot do without answers. */
  readonly ready: boolean;
  readonly startedAt?: string;
  /** What it stands on. */
  readonly dependencies: readonly ServiceDependency[];
}

/** When an automation starts by itself. */
export interface Schedule {
  readonly id?: string;
  readonly automation?: string;
  /** As it is written. */
  readonly value?: string;
  readonly timeZone?: string;
  /** What is done about ticks that nobody was there for: `none`, `last` or `all`. */
  readonly missed?: string;
  /** What a tick does while a run of the one before goes on: `skip`, `queue`, `cancel` or `allow`. */
  readonly overlap?: string;
  /** When it fires next; absent: never again, or not while it is paused. */
  readonly next?: string;
  /** When it last fired. */
  readonly last?: string;
  readonly pausedAt?: string;
}

/** A time at which a schedule strikes. */
export interface ScheduleTime {
  readonly at?: string;
  /** What the clocks of its time zone show then, with their offset from UTC. */
  readonly local?: string;
  /** That the clocks were changed since the time before. */
  readonly note?: string;
}

export interface SearchEventsResponse {
  readonly items: readonly Event[];
  readonly nextCursor?: string;
  /** How many fit in all, when that was asked: exact up to 10,000. */
  readonly count?: number;
  /** Whether there are more than `count`, with it. */
  readonly countIsLeast?: boolean;
}

export interface SearchPlatformResponse {
  readonly items: readonly Event[];
  readonly nextCursor?: string;
}

/** What is known of a secret. It has no field for its value. */
export interface Secret {
  readonly name?: string;
  readonly description?: string;
  /** 1 when first set, one more each time it is set again. */
  readonly version: number;
  readonly setBy?: string;
  readonly setAt?: string;
  /** When it was last used, to the day; absent: never. */
  readonly lastUsedAt?: string;
  /** Revision of this document. */
  readonly etag?: string;
}

/** A line of the draft that names a secret. */
export interface SecretUsage {
  /** Path of the file. */
  readonly file?: string;
  /** Counts from 1. */
  readonly line: number;
}

/** What a service stands on: a server, or a store in its own process. */
export interface ServiceDependency {
  readonly name?: string;
  /** Whether it answers. */
  readonly ok: boolean;
  /** Whether the service is ready only with it. */
  readonly essential: boolean;
  /** Why it cannot be used; empty when it can. */
  readonly reason?: string;
}

/** A browser in which somebody is signed in. */
export interface Session {
  /** No secret; what tells of this session elsewhere. */
  readonly id?: string;
  /** Whether the request came with it. */
  readonly current: boolean;
  /** What the browser said it is, and its address, at the sign-in. */
  readonly agent?: string;
  readonly ip?: string;
  /** When the person signed in, and when the session was last in use, to some minutes. */
  readonly createdAt?: string;
  readonly usedAt?: string;
  /** When it ends at the latest. */
  readonly expiresAt?: string;
}

export interface SetQuotasResponse {
  readonly items: readonly Quota[];
  /** Revision of what was set for this workspace. */
  readonly etag?: string;
}

/** That somebody may do something with one object of a workspace. */
export interface Share {
  readonly id?: string;
  /** What the object is: `automations`, `files` or `runs`. */
  readonly subject?: string;
  /** The automation's slug, else the object's id. */
  readonly object?: string;
  /** Whom it is shared with: a user, */
  readonly userId?: string;
  /** whoever has this e-mail address, verified; who came with it stands in `userId`, too, */
  readonly email?: string;
  /** or those with a role of the workspace; `everyone` is all who call. */
  readonly role?: string;
  /** What they may do with it. */
  readonly actions: readonly string[];
  readonly createdBy?: string;
  readonly createdAt?: string;
  /** From then on it gives nothing; absent: until it is taken back. */
  readonly expiresAt?: string;
  /** `waiting`: nobody has proven the e-mail address yet. `active`: it is known with whom. */
  readonly state?: string;
  /** Until when it waits for somebody with the e-mail address; absent: it does not wait. */
  readonly waitsUntil?: string;
}

/** Where an event came from; set by the server. */
export interface Source {
  readonly service?: string;
  readonly automation?: string;
  readonly app?: string;
  readonly run?: string;
  readonly step?: string;
  readonly endpoint?: string;
  readonly session?: string;
  readonly socket?: string;
  readonly ip?: string;
  readonly replayOf?: string;
}

export interface StageTextsResponse {
  /** In the order of the texts. */
  readonly digests: readonly string[];
}

/** A run that an event started. */
export interface StartedRun {
  readonly id?: string;
  readonly automation?: string;
  /** `running`, `parked`, `succeeded`, `failed` or `cancelled`. */
  readonly state?: string;
  readonly startedAt?: string;
  readonly endedAt?: string;
}

/** Somebody who might ask. */
export interface SupposedPrincipal {
  /** `user` when empty. */
  readonly kind?: 'user' | 'key' | 'automation' | 'anonymous';
  readonly id: string;
  /** Taken as verified. */
  readonly email?: string;
  readonly groups?: readonly string[];
  /** Other claims, by name. */
  readonly claims?: Json;
  readonly session?: string;
}

/** Who, besides the workspace's roles, may read an event. */
export interface Target {
  readonly user?: string;
  readonly session?: string;
  readonly topic?: string;
  readonly socket?: string;
}

export interface TestAutomationResponse {
  readonly runId?: string;
  readonly output?: Json;
  readonly emitted: readonly EmittedEvent[];
  /** Where the answer will be, when the run goes on; the output is null then. */
  readonly result?: string;
}

/** A personal access token. */
export interface Token {
  readonly id?: string;
  readonly name?: string;
  /** What it may be used for, as `<action>:<subject>`: `read:events`, `manage:automations`, `read:*`, `*:*`. `me` as a subject is the person's own. */
  readonly scopes: readonly string[];
  /** The only workspaces it may be used in; none: all of the person's. */
  readonly workspaces: readonly string[];
  /** What its secret begins with, to tell it from others. */
  readonly prefix?: string;
  readonly createdAt?: string;
  readonly expiresAt?: string;
  /** The day it was last used, `2026-01-31`; empty: never. */
  readonly lastUsedOn?: string;
}

export interface Topic {
  readonly name?: string;
  readonly description?: string;
  readonly createdAt?: string;
  readonly createdBy?: string;
  /** Tells it from one that was made anew. */
  readonly etag?: string;
}

export interface TopicMember {
  readonly user?: string;
  readonly since?: string;
}

/** A text in several languages, replaced as a whole. */
export interface Translations {
  /** By the tags of the languages (BCP 47). */
  readonly texts?: Readonly<Record<string, string>>;
}

export interface UpdateInstanceConfigResponse {
  readonly config?: Json;
  /** Revision of `apps.yaml`. */
  readonly etag?: string;
}

export interface UpgradeInstanceResponse {
  readonly instance?: AppInstance;
  readonly from?: string;
  readonly to?: string;
  /** What callers rely on that is not as it was: `automation <slug> is gone`. */
  readonly breaking: readonly string[];
  /** What it may do that it could not do before: `host api.example.com`. */
  readonly added: readonly string[];
  /** What it may no longer do. */
  readonly removed: readonly string[];
  /** Places in the configuration that do not fit the version's schema. */
  readonly config: readonly string[];
}

/** An immutable state of a workspace. */
export interface Version {
  readonly id?: string;
  readonly number: number;
  readonly message?: string;
  /** Digest of its files: equal content, equal digest. */
  readonly digest?: string;
  readonly author?: string;
  readonly publishedAt?: string;
  /** Files changed since the version before. */
  readonly changes: number;
  /** Warnings and hints that whoever published it was told, but for those of roles; on publishing and from GetVersion, for who may read automations. */
  readonly problems: readonly DocumentProblem[];
  /** What people call it; empty: nothing. */
  readonly name?: string;
  /** Revision of its name: all that may change of it. */
  readonly etag?: string;
  /** Id of the version that ran when it was made; empty: none did. */
  readonly parent?: string;
  /** Digest of its `apps.lock`: which apps it installs, exactly. Empty: it installs none. */
  readonly lockDigest?: string;
}

/** A file of a version. */
export interface VersionFile {
  readonly path?: string;
  /** SHA-256 of its bytes, lower-case hex. */
  readonly digest?: string;
  /** Bytes. */
  readonly size: number;
}

/** A team's place. */
export interface Workspace {
  readonly id?: string;
  readonly slug?: string;
  readonly name?: string;
  readonly description?: string;
  /** `active` or `suspended`. */
  readonly state?: string;
  /** The caller's role in it. */
  readonly role?: string;
  /** The version that runs; absent before the first publish. */
  readonly activeVersion?: Version;
  readonly createdAt?: string;
  readonly updatedAt?: string;
  /** Revision of this document. */
  readonly etag?: string;
  readonly settings?: WorkspaceSettings;
  readonly labels: readonly string[];
  /** Its name in other languages, by their tags (BCP 47). */
  readonly names: Readonly<Record<string, string>>;
  /** Its description in other languages, by their tags (BCP 47). */
  readonly descriptions: Readonly<Record<string, string>>;
  /** What stands still: `schedules`, `endpoints`, `events`. */
  readonly freezes: readonly string[];
  /** Why something stands still. */
  readonly suspensionReason?: string;
  /** To whom it is offered; absent: to nobody. */
  readonly transfer?: WorkspaceTransfer;
  /** Id of the file that is its photo: `/v1/workspaces/{workspace_id}/files/{photo}/content` shows it to everybody. Empty: it has none. */
  readonly photo?: string;
  /** Id of the user who owns it; empty: they have left for good. */
  readonly owner?: string;
  /** Digest of its draft, as of a version: that of `activeVersion` while all that stands in it runs. Only of a workspace that is asked for or changed by itself; in lists empty. */
  readonly draftDigest?: string;
}

/** How a workspace meets the world. */
export interface WorkspaceSettings {
  /** Origins whose pages may call its endpoints, read its events and public files, exactly as browsers send them: `https://shop.example`. */
  readonly allowedOrigins?: readonly string[];
  /** What becomes of events of types that the version that runs does not declare: `allow` (as when empty), `warn` (taken, and told as `events.types.violated`) or `refuse`. Holds from the first version on. */
  readonly unknownEvents?: 'allow' | 'warn' | 'refuse';
  /** How far a new version of an installed app is installed by itself, within its range: `none` (as when empty), `patch` or `minor`. One that may do more waits for consent. */
  readonly autoUpgrade?: 'none' | 'patch' | 'minor';
  /** Media types that its files may have, by what they hold: `application/pdf`, or all of a kind as `image/*`. None: any. Files that are there stay. */
  readonly fileTypes?: readonly string[];
  /** When the draft becomes the version that runs: `manual` (as when empty), when somebody publishes it, or `on-save`, for development: by itself, half a second after its last change, as whoever made that and with their rights. A draft with errors waits for the next change. */
  readonly publishing?: 'manual' | 'on-save';
  /** The only hosts that its automations may reach by `fetch`, installed apps and redirects included: names as an app's permission of hosts has them, in lower case and without a port. None: any public host. Holds for each fetch from then on, of runs that go on and of tests of the draft, too. */
  readonly egress?: readonly string[];
  /** Whether everybody who is signed in finds it, with its id, slug, name, description, photo and labels; nothing else of it is open to them. */
  readonly listed?: boolean;
  /** IANA zone of its schedules and dates, such as `Europe/Paris`, where `workspace.yaml` of the version that runs names none as `timeZone`. Empty: UTC. Schedules strike by it at once; a run keeps to the end the one that it began with. Holds from the first version on. */
  readonly zone?: string;
  /** Language of dates that automations write out, as a tag (BCP 47), where `workspace.yaml` of the version that runs names none as `locale`. Empty: `en`. Holds as the zone does. */
  readonly locale?: string;
}

/** That a workspace may become a member's, as soon as they say yes. */
export interface WorkspaceTransfer {
  readonly memberId?: string;
  /** From then on they cannot any more. */
  readonly until?: string;
}

export interface GetMeRequest {}

export interface ListSessionsRequest {
  /** At most so many items; all of them when absent. */
  readonly limit?: number;
  readonly cursor?: string;
  /** The filter grammar of events over fields of an item; a text that is empty counts as none. The fields are `id`, `current`, `agent`, `ip`, `createdAt`, `usedAt`, `expiresAt`. */
  readonly where?: string;
  /** One field of an item that holds one value; with a `-` before it, the largest first. Unless asked otherwise: `-createdAt`. The fields are `id`, `current`, `agent`, `ip`, `createdAt`, `usedAt`, `expiresAt`. */
  readonly sort?: string;
}

export interface EndSessionRequest {
  readonly sessionId: string;
}

export interface SignOutEverywhereRequest {}

export interface CreateAnonymousSessionRequest {
  /** The token of the visit that goes on; empty: a new one begins. */
  readonly token?: string;
}

export interface GetErasureRequest {
  /** What DELETE /v1/me answered. */
  readonly receipt: string;
}

export interface ListWorkspacesRequest {
  /** At most so many items; 50 when absent. */
  readonly limit?: number;
  readonly cursor?: string;
  /** The filter grammar of events over fields of an item; a text that is empty counts as none. The fields are `id`, `slug`, `name`, `description`, `state`, `role`, `labels`, `freezes`, `createdAt`, `updatedAt`. */
  readonly where?: string;
  /** One field of an item that holds one value; with a `-` before it, the largest first. Unless asked otherwise: `-createdAt`. The fields are `id`, `slug`, `name`, `description`, `state`, `role`, `labels`, `freezes`, `createdAt`, `updatedAt`. */
  readonly sort?: string;
  /** Those that are listed, the caller's or not, in place of those the caller belongs to. */
  readonly listed?: boolean;
}

export interface CreateWorkspaceRequest {
  readonly name: string;
  /** Short name in addresses; made from the name when absent. */
  readonly slug?: string;
  readonly description?: string;
}

export interface GetWorkspaceRequest {
  /** Id or slug. */
  readonly workspaceId: string;
}

export interface UpdateWorkspaceRequest {
  readonly workspaceId: string;
  readonly ifMatch?: string;
  readonly name?: string;
  readonly slug?: string;
  readonly description?: string;
  /** Replaced as a whole when it is given. */
  readonly settings?: WorkspaceSettings;
  readonly labels?: LabelList;
  readonly names?: Translations;
  readonly descriptions?: Translations;
  /** Id of a file of the workspace, a picture that everybody may see; empty: none. */
  readonly photo?: string;
}

export interface DeleteWorkspaceRequest {
  readonly workspaceId: string;
  readonly ifMatch?: string;
}

export interface ListAutomationsRequest {
  readonly workspaceId: string;
  /** At most so many items; 50 when absent. */
  readonly limit?: number;
  readonly cursor?: string;
  /** The filter grammar of events over fields of an item; a text that is empty counts as none. The fields are `slug`, `name`, `description`, `labels`, `listens`, `emits`, `calls`, `endpoint`, `disabled`, `private`, `digest`, `updatedBy`, `updatedAt`. */
  readonly where?: string;
  /** One field of an item that holds one value; with a `-` before it, the largest first. Unless asked otherwise: `slug`. The fields are `slug`, `name`, `description`, `labels`, `listens`, `emits`, `calls`, `endpoint`, `disabled`, `private`, `digest`, `updatedBy`, `updatedAt`. */
  readonly sort?: string;
}

export interface GetAutomationRequest {
  readonly workspaceId: string;
  readonly slug: string;
}

export interface PutAutomationRequest {
  readonly workspaceId: string;
  readonly slug: string;
  readonly ifMatch?: string;
  readonly ifNoneMatch?: string;
  /** `handling=lenient` keeps a document with errors; a version is never published with it. */
  readonly prefer?: string;
  /** The document, YAML or JSON. */
  readonly source: string;
}

export interface CreateAutomationRequest {
  readonly workspaceId: string;
  /** `handling=lenient` keeps a document with errors; a version is never published with it. */
  readonly prefer?: string;
  readonly slug?: string;
  /** The document, YAML or JSON as text. */
  readonly source: string;
}

export interface UpdateAutomationRequest {
  readonly workspaceId: string;
  /** The slug it has. */
  readonly slug: string;
  readonly ifMatch?: string;
  /** The slug it gets. */
  readonly newSlug?: string;
  readonly name?: string;
  readonly description?: string;
  readonly labels?: LabelList;
  readonly disabled?: boolean;
}

export interface ListAutomationUsagesRequest {
  readonly workspaceId: string;
  readonly slug: string;
}

export interface DeleteAutomationRequest {
  readonly workspaceId: string;
  readonly slug: string;
  readonly ifMatch?: string;
}

export interface PublishVersionRequest {
  readonly workspaceId: string;
  /** What changed, for people. */
  readonly message?: string;
  /** What people call it: a version with a name is kept whatever comes after it. */
  readonly name?: string;
  /** Whether it is the one that runs from now on; so when absent. */
  readonly activate?: boolean;
  /** Publishes event types too that refuse payloads which were accepted; else that is an error. */
  readonly force?: boolean;
}

export interface ListVersionsRequest {
  readonly workspaceId: string;
  /** At most so many items; 50 when absent. */
  readonly limit?: number;
  readonly cursor?: string;
  /** The filter grammar of events over fields of an item; a text that is empty counts as none. The fields are `id`, `number`, `name`, `message`, `digest`, `author`, `publishedAt`, `changes`. */
  readonly where?: string;
  /** One field of an item that holds one value; with a `-` before it, the largest first. Unless asked otherwise: `-number`. The fields are `id`, `number`, `name`, `message`, `digest`, `author`, `publishedAt`, `changes`. */
  readonly sort?: string;
}

export interface ListFilesRequest {
  readonly workspaceId: string;
  /** At most so many items; 50 when absent. */
  readonly limit?: number;
  readonly cursor?: string;
  /** The filter grammar of events over fields of an item; a text that is empty counts as none. The fields are `id`, `name`, `size`, `type`, `sha256`, `visibility`, `owner`, `createdAt`, `updatedAt`, `updatedBy`, `expiresAt`. */
  readonly where?: string;
  /** One field of an item that holds one value; with a `-` before it, the largest first. Unless asked otherwise: `-createdAt`. The fields are `id`, `name`, `size`, `type`, `sha256`, `visibility`, `owner`, `createdAt`, `updatedAt`, `updatedBy`, `expiresAt`. */
  readonly sort?: string;
}

export interface GetFileRequest {
  readonly workspaceId: string;
  readonly fileId: string;
}

export interface UpdateFileRequest {
  readonly workspaceId: string;
  readonly fileId: string;
  readonly ifMatch?: string;
  readonly name?: string;
  readonly visibility?: 'private' | 'workspace' | 'public';
  /** A merge patch of the metadata: a JSON object of texts; null takes a name away. */
  readonly metadata?: Json;
  /** A time (RFC 3339); empty: never. */
  readonly expiresAt?: string;
}

export interface DeleteFileRequest {
  readonly workspaceId: string;
  readonly fileId: string;
  readonly ifMatch?: string;
}

export interface ListLinksRequest {
  readonly workspaceId: string;
  readonly fileId: string;
  /** At most so many items; all of them when absent. */
  readonly limit?: number;
  readonly cursor?: string;
  /** The filter grammar of events over fields of an item; a text that is empty counts as none. The fields are `id`, `createdAt`, `createdBy`, `expiresAt`. */
  readonly where?: string;
  /** One field of an item that holds one value; with a `-` before it, the largest first. Unless asked otherwise: `createdAt`. The fields are `id`, `createdAt`, `createdBy`, `expiresAt`. */
  readonly sort?: string;
}

export interface CreateLinkRequest {
  readonly workspaceId: string;
  readonly fileId: string;
  /** Seconds for which it works: at most 30 days; a day when absent. */
  readonly seconds?: number;
}

export interface RevokeLinkRequest {
  readonly workspaceId: string;
  readonly fileId: string;
  readonly linkId: string;
}

export interface ListSecretsRequest {
  readonly workspaceId: string;
  /** At most so many items; 50 when absent. */
  readonly limit?: number;
  readonly cursor?: string;
  /** The filter grammar of events over fields of an item; a text that is empty counts as none. The fields are `name`, `description`, `version`, `setBy`, `setAt`, `lastUsedAt`. */
  readonly where?: string;
  /** One field of an item that holds one value; with a `-` before it, the largest first. Unless asked otherwise: `name`. The fields are `name`, `description`, `version`, `setBy`, `setAt`, `lastUsedAt`. */
  readonly sort?: string;
}

export interface SetSecretRequest {
  readonly workspaceId: string;
  readonly name: string;
  readonly ifMatch?: string;
  readonly ifNoneMatch?: string;
  /** At most 64 KiB. */
  readonly value: string;
  /** For people; as it was when absent. */
  readonly description?: string;
}

export interface DeleteSecretRequest {
  readonly workspaceId: string;
  readonly name: string;
  readonly ifMatch?: string;
}

export interface ListSecretUsagesRequest {
  readonly workspaceId: string;
  readonly name: string;
}

export interface EmitEventsRequest {
  readonly workspaceId: string;
  /** Makes the ids of the events derive from it, so that a repeat is the same events. */
  readonly idempotencyKey?: string;
  readonly events: readonly EventInput[];
}

export interface ListEventsRequest {
  readonly workspaceId: string;
  /** Type patterns; `*` is one token, a final `>` the rest. */
  readonly types?: readonly string[];
  /** Filter, e.g. `payload.total >= 1000`. */
  readonly where?: string;
  /** Words that must occur. */
  readonly text?: string;
  readonly from?: string;
  readonly to?: string;
  /** At most so many items; 50 when absent. */
  readonly limit?: number;
  readonly cursor?: string;
  /** `newest` (default) or `oldest` first. */
  readonly sort?: 'newest' | 'oldest';
  /** Also say how many fit in all. */
  readonly count?: boolean;
  /** The short form of a search, beside the others: `type:orders.* payload.total:5 -state:ok free words`. A field with a minus must not fit, a `*` at the end means that it starts so, other words must occur; a field that is none of an event is one of its payload. */
  readonly q?: string;
}

export interface SearchEventsRequest {
  readonly workspaceId: string;
  /** Type patterns; `*` is one token, a final `>` the rest. */
  readonly types?: readonly string[];
  /** Filter, e.g. `payload.total >= 1000`. */
  readonly where?: string;
  /** Words that must occur. */
  readonly text?: string;
  readonly from?: string;
  readonly to?: string;
  /** At most so many items; 50 when absent. */
  readonly limit?: number;
  readonly cursor?: string;
  /** `newest` (default) or `oldest` first. */
  readonly sort?: 'newest' | 'oldest';
  /** Also say how many fit in all. */
  readonly count?: boolean;
  /** The short form of a search, beside the others: `type:orders.* payload.total:5 -state:ok free words`. A field with a minus must not fit, a `*` at the end means that it starts so, other words must occur; a field that is none of an event is one of its payload. */
  readonly q?: string;
}

export interface GetEventRequest {
  readonly workspaceId: string;
  readonly eventId: string;
}

export interface ListAuditRequest {
  readonly workspaceId: string;
  /** Filter over the events, e.g. `type = 'workspaces.members.>' and actor.id = 'usr_1'`. */
  readonly where?: string;
  readonly from?: string;
  readonly to?: string;
  /** At most so many items; 50 when absent. */
  readonly limit?: number;
  readonly cursor?: string;
  /** `newest` (default) or `oldest` first. */
  readonly sort?: 'newest' | 'oldest';
}

export interface ListPlatformAuditRequest {
  /** Filter over the events, e.g. `type = 'workspaces.members.>' and actor.id = 'usr_1'`. */
  readonly where?: string;
  readonly from?: string;
  readonly to?: string;
  /** At most so many items; 50 when absent. */
  readonly limit?: number;
  readonly cursor?: string;
  /** `newest` (default) or `oldest` first. */
  readonly sort?: 'newest' | 'oldest';
}

export interface AggregateEventsRequest {
  readonly workspaceId: string;
  /** Type patterns; `*` is one token, a final `>` the rest. */
  readonly types?: readonly string[];
  /** Filter, e.g. `payload.total >= 1000`. */
  readonly where?: string;
  readonly from?: string;
  readonly to?: string;
  /** Levels of groups, one in another; none: one row for all. */
  readonly group?: readonly EventGroup[];
  readonly measure?: readonly EventMeasure[];
}

export interface GetUsageRequest {
  readonly workspaceId: string;
  readonly from?: string;
  readonly to?: string;
  /** Length of a period; `P1D` when absent. */
  readonly every?: 'PT1H' | 'P1D' | 'P1W' | 'P1M';
  /** The time zone by whose clocks periods begin; UTC when absent. */
  readonly zone?: string;
  /** What came from this installed app alone. */
  readonly app?: string;
}

export interface GetLineageRequest {
  readonly workspaceId: string;
  readonly eventId: string;
}

export interface ExplainEventRequest {
  readonly workspaceId: string;
  readonly eventId: string;
}

export interface GetRetentionRequest {
  readonly workspaceId: string;
}

export interface SetRetentionRequest {
  readonly workspaceId: string;
  readonly ifMatch?: string;
  /** Of the rules that fit a type, the first counts. */
  readonly rules?: readonly RetentionRule[];
}

export interface PreviewPurgeRequest {
  readonly workspaceId: string;
  readonly rules?: readonly RetentionRule[];
}

export interface PollEventsRequest {
  readonly workspaceId: string;
  /** Type patterns; `*` is one token, a final `>` the rest. */
  readonly types?: readonly string[];
  /** Filter, e.g. `payload.total >= 1000`. */
  readonly where?: string;
  /** Position behind which to begin: `next` of the answer before. Absent: now. */
  readonly since?: string;
  /** Seconds to wait when there is no event yet; 25 when absent, 0: not at all. */
  readonly wait?: number;
  /** At most so many events; 100 when absent. */
  readonly limit?: number;
}

export interface PollOwnEventsRequest {
  /** Type patterns; `*` is one token, a final `>` the rest. */
  readonly types?: readonly string[];
  /** Filter, e.g. `payload.total >= 1000`. */
  readonly where?: string;
  /** Position behind which to begin: `next` of the answer before. Absent: now. */
  readonly since?: string;
  /** Seconds to wait when there is no event yet; 25 when absent, 0: not at all. */
  readonly wait?: number;
  /** At most so many events; 100 when absent. */
  readonly limit?: number;
}

export interface ListConnectionsRequest {
  readonly workspaceId: string;
  /** At most so many items; 50 when absent. */
  readonly limit?: number;
  readonly cursor?: string;
}

export interface CloseConnectionRequest {
  readonly workspaceId: string;
  readonly connection: string;
}

export interface SearchPlatformRequest {
  /** Ids of workspaces, or `platform`; none: all of them. */
  readonly workspaces?: readonly string[];
  /** Type patterns; `*` is one token, a final `>` the rest. */
  readonly types?: readonly string[];
  /** Filter, e.g. `actor.id = 'usr_1'`. */
  readonly where?: string;
  /** Words that must occur. */
  readonly text?: string;
  readonly from?: string;
  readonly to?: string;
  /** At most so many items; 50 when absent. */
  readonly limit?: number;
  readonly cursor?: string;
  /** `newest` (default) or `oldest` first. */
  readonly sort?: 'newest' | 'oldest';
}

export interface GetLogRequest {}

export interface RebuildHistoryRequest {}

export interface GetRebuildRequest {}

export interface ListTopicsRequest {
  readonly workspaceId: string;
  /** At most so many items; 50 when absent. */
  readonly limit?: number;
  readonly cursor?: string;
  /** The filter grammar of events over fields of an item; a text that is empty counts as none. The fields are `name`, `description`, `createdAt`, `createdBy`. */
  readonly where?: string;
  /** One field of an item that holds one value; with a `-` before it, the largest first. Unless asked otherwise: `name`. The fields are `name`, `description`, `createdAt`, `createdBy`. */
  readonly sort?: string;
}

export interface CreateTopicRequest {
  readonly workspaceId: string;
  /** Letters, digits and `. _ : @ -`, at most 128. */
  readonly name?: string;
  readonly description?: string;
}

export interface GetTopicRequest {
  readonly workspaceId: string;
  readonly topic: string;
}

export interface DeleteTopicRequest {
  readonly workspaceId: string;
  readonly topic: string;
  readonly ifMatch?: string;
}

export interface ListTopicMembersRequest {
  readonly workspaceId: string;
  readonly topic: string;
  /** At most so many items; 50 when absent. */
  readonly limit?: number;
  readonly cursor?: string;
  /** The filter grammar of events over fields of an item; a text that is empty counts as none. The fields are `user`, `since`. */
  readonly where?: string;
  /** One field of an item that holds one value; with a `-` before it, the largest first. Unless asked otherwise: `user`. The fields are `user`, `since`. */
  readonly sort?: string;
}

export interface AddTopicMembersRequest {
  readonly workspaceId: string;
  readonly topic: string;
  /** Ids of people. */
  readonly users: readonly string[];
}

export interface RemoveTopicMemberRequest {
  readonly workspaceId: string;
  readonly topic: string;
  readonly user: string;
}

export interface CheckAccessRequest {
  readonly checks: readonly AccessCheck[];
}

export interface ExplainAccessRequest {
  readonly workspaceId: string;
  readonly principal?: SupposedPrincipal;
  readonly action: string;
  readonly subject: string;
  /** An object to decide on; absent: on which objects is said. */
  readonly sample?: Json;
}

export interface ListRolesRequest {
  readonly workspaceId: string;
  /** At most so many items; all of them when absent. */
  readonly limit?: number;
  readonly cursor?: string;
  /** The filter grammar of events over fields of an item; a text that is empty counts as none. The fields are `name`, `title`, `builtIn`, `inherits`, `updatedBy`, `updatedAt`. */
  readonly where?: string;
  /** One field of an item that holds one value; with a `-` before it, the largest first. Unless asked otherwise: `name`. The fields are `name`, `title`, `builtIn`, `inherits`, `updatedBy`, `updatedAt`. */
  readonly sort?: string;
}

export interface PutRoleRequest {
  readonly workspaceId: string;
  readonly role: string;
  readonly ifMatch?: string;
  readonly ifNoneMatch?: string;
  readonly title?: string;
  readonly rules?: readonly RoleRule[];
  readonly inherits?: readonly string[];
  readonly grants?: readonly ClaimGrant[];
}

export interface DeleteRoleRequest {
  readonly workspaceId: string;
  readonly role: string;
  readonly ifMatch?: string;
}

export interface ListEventTypesRequest {
  readonly workspaceId: string;
  /** At most so many items; 50 when absent. */
  readonly limit?: number;
  readonly cursor?: string;
  /** The filter grammar of events over fields of an item; a text that is empty counts as none. The fields are `type`, `title`, `description`, `mode`, `compatibility`, `clients`, `key`, `secret`, `personal`, `version`, `digest`, `updatedBy`, `updatedAt`. */
  readonly where?: string;
  /** One field of an item that holds one value; with a `-` before it, the largest first. Unless asked otherwise: `type`. The fields are `type`, `title`, `description`, `mode`, `compatibility`, `clients`, `key`, `secret`, `personal`, `version`, `digest`, `updatedBy`, `updatedAt`. */
  readonly sort?: string;
}

export interface GetEventTypeRequest {
  readonly workspaceId: string;
  readonly type: string;
}

export interface PutEventTypeRequest {
  readonly workspaceId: string;
  readonly type: string;
  readonly ifMatch?: string;
  readonly ifNoneMatch?: string;
  /** The document, YAML or JSON. */
  readonly source: string;
}

export interface DeleteEventTypeRequest {
  readonly workspaceId: string;
  readonly type: string;
  readonly ifMatch?: string;
}

export interface GetEventTypeVersionRequest {
  readonly workspaceId: string;
  readonly type: string;
  readonly number: number;
}

export interface GetQuotasRequest {
  readonly workspaceId: string;
}

export interface SetQuotasRequest {
  readonly workspaceId: string;
  readonly ifMatch?: string;
  /** The most by name. */
  readonly quotas?: Readonly<Record<string, number>>;
}

export interface ListAllWorkspacesRequest {
  /** At most so many items; 50 when absent. */
  readonly limit?: number;
  readonly cursor?: string;
  /** The filter grammar of events over fields of an item; a text that is empty counts as none. The fields are `id`, `slug`, `name`, `owner`, `state`, `labels`, `freezes`, `createdAt`, `updatedAt`. */
  readonly where?: string;
  /** One field of an item that holds one value; with a `-` before it, the largest first. Unless asked otherwise: `-createdAt`. The fields are `id`, `slug`, `name`, `owner`, `state`, `labels`, `freezes`, `createdAt`, `updatedAt`. */
  readonly sort?: string;
}

export interface ListServicesRequest {
  /** At most so many items; all of them when absent. */
  readonly limit?: number;
  readonly cursor?: string;
  /** The filter grammar of events over fields of an item; a text that is empty counts as none. The fields are `id`, `service`, `host`, `version`, `ready`, `startedAt`. */
  readonly where?: string;
  /** One field of an item that holds one value; with a `-` before it, the largest first. Unless asked otherwise: `service`. The fields are `id`, `service`, `host`, `version`, `ready`, `startedAt`. */
  readonly sort?: string;
}

export interface GetConfigRequest {
  readonly workspaceId: string;
}

export interface SetConfigRequest {
  readonly workspaceId: string;
  readonly ifMatch?: string;
  /** JSON Schema of the values; it stays as it is when absent. */
  readonly schema?: Json;
  /** All values by their names: what is not among them goes. */
  readonly value?: Json;
}

export interface GetDraftRequest {
  readonly workspaceId: string;
}

export interface ApplyDraftRequest {
  readonly workspaceId: string;
  /** The digest of the draft that the files were made for, or `*` to apply whatever stands there. A plan needs none: it compares with the last apply then. */
  readonly ifMatch?: string;
  /** `handling=lenient` keeps documents with errors; a version is never published with them. */
  readonly prefer?: string;
  /** Texts by their paths. */
  readonly files?: Readonly<Record<string, string>>;
  /** Digests of texts that are here already, by their paths: of files that stay as they are, and of what `draft:stage` took in. */
  readonly known?: Readonly<Record<string, string>>;
  /** Removes files of the draft that are named in neither. */
  readonly prune?: boolean;
  /** Writes nothing and says what would be done. */
  readonly dryRun?: boolean;
  readonly origin?: DraftOrigin;
}

export interface StageTextsRequest {
  readonly workspaceId: string;
  readonly texts: readonly string[];
}

export interface DiscardDraftRequest {
  readonly workspaceId: string;
  /** The digest of the draft as it was seen, or `*` to discard whatever stands there. */
  readonly ifMatch?: string;
  /** Only these files; none: all. */
  readonly paths?: readonly string[];
}

export interface CheckDraftRequest {
  readonly workspaceId: string;
}

export interface GetFileTextRequest {
  readonly workspaceId: string;
  /** The path in the draft, its slashes encoded. */
  readonly path: string;
}

export interface PutFileTextRequest {
  readonly workspaceId: string;
  /** The path in the draft, its slashes encoded. */
  readonly path: string;
  readonly ifMatch?: string;
  readonly ifNoneMatch?: string;
  /** The text as it is. */
  readonly text: string;
}

export interface DeleteFileTextRequest {
  readonly workspaceId: string;
  /** The path in the draft, its slashes encoded. */
  readonly path: string;
  readonly ifMatch?: string;
}

export interface GetVersionRequest {
  readonly workspaceId: string;
  /** Id or number. */
  readonly version: string;
}

export interface UpdateVersionRequest {
  readonly workspaceId: string;
  readonly version: string;
  readonly ifMatch?: string;
  /** Another name; empty: none. */
  readonly name?: string;
}

export interface DeleteVersionRequest {
  readonly workspaceId: string;
  readonly version: string;
  readonly ifMatch?: string;
}

export interface ActivateVersionRequest {
  readonly workspaceId: string;
  readonly version: string;
}

export interface CheckoutVersionRequest {
  readonly workspaceId: string;
  readonly version: string;
  /** Paths of the draft that stay as they are; one that ends in `/` stands for all below it. */
  readonly exclude?: readonly string[];
}

export interface DiffVersionsRequest {
  readonly workspaceId: string;
  readonly version: string;
  /** The other: id or number of a version, or `draft`, also when absent. */
  readonly with?: string;
}

export interface GetJobRequest {
  readonly jobId: string;
}

export interface DuplicateWorkspaceRequest {
  readonly workspaceId: string;
  readonly name: string;
  /** Short name in addresses; made from the name when absent. */
  readonly slug?: string;
  /** Id or number of the version that is copied; the draft when absent. */
  readonly version?: string;
  /** What else comes along: `members`, with the roles they have, but for rules that say `onDuplicate: drop`; `config`, what was written over the configuration of the workspace and of its apps; `files`, what was uploaded, with ids of their own and without links. */
  readonly with?: readonly string[];
}

export interface SuspendWorkspaceRequest {
  readonly workspaceId: string;
  /** Whether it stands still from now on. */
  readonly suspended?: boolean;
  /** What stands still: `schedules`, `endpoints`, `events`. All of it when none is named: then nobody may do more than read. */
  readonly freezes?: readonly string[];
  /** Why, for people. */
  readonly reason?: string;
}

export interface TransferWorkspaceRequest {
  readonly workspaceId: string;
  /** Id of the member; empty: nobody is to have it any more. */
  readonly memberId?: string;
}

export interface RestoreWorkspaceRequest {
  /** Its id. */
  readonly workspaceId: string;
  /** A new short name, where the one it had is another's by now. */
  readonly slug?: string;
}

export interface PublishAppRequest {
  readonly workspaceId: string;
  /** `major.minor.patch`, larger than every number before. What callers rely on may break only with a new major number. */
  readonly number?: string;
  /** What is new in it, for people. */
  readonly changes?: string;
  /** Name of the app, the first time; that of the workspace when absent. It never changes. */
  readonly slug?: string;
}

export interface ListAppsRequest {
  /** At most so many items; 50 when absent. */
  readonly limit?: number;
  readonly cursor?: string;
  /** Those that this workspace may install, by id or slug; absent: those that are public. */
  readonly workspace?: string;
  /** The filter grammar of events over fields of an item; a text that is empty counts as none. The fields are `slug`, `workspaceId`, `name`, `description`, `visibility`, `latest`, `createdAt`, `updatedAt`. */
  readonly where?: string;
  /** One field of an item that holds one value; with a `-` before it, the largest first. Unless asked otherwise: `slug`. The fields are `slug`, `workspaceId`, `name`, `description`, `visibility`, `latest`, `createdAt`, `updatedAt`. */
  readonly sort?: string;
}

export interface GetAppRequest {
  readonly slug: string;
  /** The workspace that wants to install it, by id or slug, when the app is only listed for it. */
  readonly workspace?: string;
}

export interface ListAppVersionsRequest {
  readonly slug: string;
  /** The workspace that wants to install it, by id or slug, when the app is only listed for it. */
  readonly workspace?: string;
  /** At most so many items; all of them when absent. */
  readonly limit?: number;
  readonly cursor?: string;
  /** The filter grammar of events over fields of an item; a text that is empty counts as none. The fields are `number`, `app`, `changes`, `digest`, `state`, `reason`, `publishedBy`, `publishedAt`. */
  readonly where?: string;
  /** One field of an item that holds one value; with a `-` before it, the largest first. Unless asked otherwise: `-publishedAt`. The fields are `number`, `app`, `changes`, `digest`, `state`, `reason`, `publishedBy`, `publishedAt`. */
  readonly sort?: string;
}

export interface UpdateAppRequest {
  readonly slug: string;
  readonly ifMatch?: string;
  readonly name?: string;
  readonly description?: string;
  readonly visibility?: 'private' | 'listed' | 'public';
  /** Replaced as a whole when it is given. */
  readonly listing?: AppListing;
  /** Id of a file of the app's workspace, a picture that everybody may see; empty: none. */
  readonly photo?: string;
  /** How it is used, as Markdown; empty: nothing. */
  readonly docs?: string;
}

export interface DeprecateAppVersionRequest {
  readonly slug: string;
  readonly number: string;
  /** Why, for people. */
  readonly reason?: string;
}

export interface WithdrawAppVersionRequest {
  readonly slug: string;
  readonly number: string;
  /** Why, for people. */
  readonly reason?: string;
}

export interface ListInstancesRequest {
  readonly workspaceId: string;
  /** At most so many items; all of them when absent. */
  readonly limit?: number;
  readonly cursor?: string;
  /** The filter grammar of events over fields of an item; a text that is empty counts as none. The fields are `slug`, `app`, `range`, `version`, `digest`, `disabled`, `labels`, `consented`, `newer`. */
  readonly where?: string;
  /** One field of an item that holds one value; with a `-` before it, the largest first. Unless asked otherwise: `slug`. The fields are `slug`, `app`, `range`, `version`, `digest`, `disabled`, `labels`, `consented`, `newer`. */
  readonly sort?: string;
}

export interface InstallAppRequest {
  readonly workspaceId: string;
  readonly app: string;
  /** `latest` when absent. */
  readonly range?: string;
  /** Name of the instance; that of the app when absent. */
  readonly slug?: string;
  /** Its configuration. A text may name a secret of the workspace: `{{secret.NAME}}`. */
  readonly config?: Json;
  /** Digest of the permissions consented to. */
  readonly consent?: string;
}

export interface GetInstanceRequest {
  readonly workspaceId: string;
  readonly instance: string;
}

export interface UpdateInstanceRequest {
  readonly workspaceId: string;
  readonly instance: string;
  readonly ifMatch?: string;
  readonly range?: string;
  readonly disabled?: boolean;
  /** Replaced as a whole when it is given. */
  readonly labelling?: InstanceLabels;
}

export interface RemoveInstanceRequest {
  readonly workspaceId: string;
  readonly instance: string;
  readonly ifMatch?: string;
}

export interface UpgradeInstanceRequest {
  readonly workspaceId: string;
  readonly instance: string;
  /** The range from now on; that of the instance when absent. A smaller number than the installed one goes back. */
  readonly range?: string;
  /** Digest of the permissions consented to; needed when the version may do other things than the one before. */
  readonly consent?: string;
  /** Only say what would be different. */
  readonly dryRun?: boolean;
}

export interface ConsentInstanceRequest {
  readonly workspaceId: string;
  readonly instance: string;
  /** Digest of the permissions consented to. */
  readonly consent?: string;
}

export interface GetInstanceConfigRequest {
  readonly workspaceId: string;
  readonly instance: string;
}

export interface UpdateInstanceConfigRequest {
  readonly workspaceId: string;
  readonly instance: string;
  readonly ifMatch?: string;
  readonly config?: Json;
}

export interface ListMembersRequest {
  readonly workspaceId: string;
  /** At most so many items; 50 when absent. */
  readonly limit?: number;
  readonly cursor?: string;
  /** The filter grammar of events over fields of an item; a text that is empty counts as none. The fields are `id`, `userId`, `email`, `roles`, `invitedBy`, `createdAt`, `expiresAt`, `state`, `invitedUntil`. */
  readonly where?: string;
  /** One field of an item that holds one value; with a `-` before it, the largest first. Unless asked otherwise: `-createdAt`. The fields are `id`, `userId`, `email`, `roles`, `invitedBy`, `createdAt`, `expiresAt`, `state`, `invitedUntil`. */
  readonly sort?: string;
}

export interface InviteMemberRequest {
  readonly workspaceId: string;
  readonly userId?: string;
  readonly email?: string;
  readonly roles: readonly string[];
  readonly expiresAt?: string;
}

export interface UpdateMemberRequest {
  readonly workspaceId: string;
  readonly memberId: string;
  readonly ifMatch?: string;
  /** All of them; none leaves them as they are. */
  readonly roles?: readonly string[];
  readonly expiresAt?: string;
}

export interface AcceptInvitationRequest {
  /** As inviting answered it. */
  readonly token: string;
}

export interface RemoveMemberRequest {
  readonly workspaceId: string;
  readonly memberId: string;
  readonly ifMatch?: string;
}

export interface ListSharesRequest {
  readonly workspaceId: string;
  /** At most so many items; 50 when absent. */
  readonly limit?: number;
  readonly cursor?: string;
  /** The filter grammar of events over fields of an item; a text that is empty counts as none. The fields are `id`, `subject`, `object`, `userId`, `email`, `role`, `actions`, `createdBy`, `createdAt`, `expiresAt`, `state`, `waitsUntil`. */
  readonly where?: string;
  /** One field of an item that holds one value; with a `-` before it, the largest first. Unless asked otherwise: `-createdAt`. The fields are `id`, `subject`, `object`, `userId`, `email`, `role`, `actions`, `createdBy`, `createdAt`, `expiresAt`, `state`, `waitsUntil`. */
  readonly sort?: string;
}

export interface CreateShareRequest {
  readonly workspaceId: string;
  /** What the object is: `automations`, `files` or `runs`. */
  readonly subject?: 'automations' | 'files' | 'runs';
  /** The automation's slug, else the object's id. */
  readonly object?: string;
  readonly userId?: string;
  /** Whoever signs in with it within seven days. */
  readonly email?: string;
  /** A role of the workspace; `everyone` is all who call. */
  readonly role?: string;
  /** What they may do with it. Automations: `read`, `update`, `delete`, `execute`, `test`. Files: `read`, `update`, `delete`. Runs: `read`, `cancel`, `replay`, `delete`. */
  readonly actions: readonly string[];
  /** From then on it gives nothing; absent: until it is taken back. */
  readonly expiresAt?: string;
}

export interface DeleteShareRequest {
  readonly workspaceId: string;
  readonly shareId: string;
}

export interface ListKeysRequest {
  readonly workspaceId: string;
  /** At most so many items; 50 when absent. */
  readonly limit?: number;
  readonly cursor?: string;
  /** The filter grammar of events over fields of an item; a text that is empty counts as none. The fields are `id`, `name`, `role`, `addresses`, `prefix`, `makerKind`, `makerId`, `createdAt`, `expiresAt`, `rotatedAt`, `overlapEndsAt`, `lastUsedOn`. */
  readonly where?: string;
  /** One field of an item that holds one value; with a `-` before it, the largest first. Unless asked otherwise: `-createdAt`. The fields are `id`, `name`, `role`, `addresses`, `prefix`, `makerKind`, `makerId`, `createdAt`, `expiresAt`, `rotatedAt`, `overlapEndsAt`, `lastUsedOn`. */
  readonly sort?: string;
}

export interface CreateKeyRequest {
  readonly workspaceId: string;
  /** What it is for. */
  readonly name: string;
  /** A role of the workspace, or else rules; not both. */
  readonly role?: string;
  readonly rules?: readonly RoleRule[];
  /** Networks it may be used from, as `203.0.113.0/24` or `2001:db8::/32`, one address as `203.0.113.7/32`; none: from anywhere. */
  readonly addresses?: readonly string[];
  /** When it ends, at most a year ahead; in 90 days when absent. */
  readonly expiresAt?: string;
}

export interface UpdateKeyRequest {
  readonly workspaceId: string;
  readonly keyId: string;
  readonly ifMatch?: string;
  readonly name?: string;
  /** Takes the place of the role and the rules it has. */
  readonly rights?: KeyRights;
  /** Takes the place of the networks it has; an empty list: from anywhere. */
  readonly addresses?: KeyAddresses;
  /** When it ends, at most a year ahead. */
  readonly expiresAt?: string;
}

export interface RevokeKeyRequest {
  readonly workspaceId: string;
  readonly keyId: string;
}

export interface RotateKeyRequest {
  readonly workspaceId: string;
  readonly keyId: string;
  /** Seconds for which the secret before still works, at most 7 days; a day when absent, 0: not at all. */
  readonly overlap?: number;
}

export interface ListTokensRequest {
  /** At most so many items; 50 when absent. */
  readonly limit?: number;
  readonly cursor?: string;
  /** The filter grammar of events over fields of an item; a text that is empty counts as none. The fields are `id`, `name`, `scopes`, `workspaces`, `prefix`, `createdAt`, `expiresAt`, `lastUsedOn`. */
  readonly where?: string;
  /** One field of an item that holds one value; with a `-` before it, the largest first. Unless asked otherwise: `-createdAt`. The fields are `id`, `name`, `scopes`, `workspaces`, `prefix`, `createdAt`, `expiresAt`, `lastUsedOn`. */
  readonly sort?: string;
}

export interface CreateTokenRequest {
  /** What it is for. */
  readonly name: string;
  /** What it may be used for: `<action>:<subject>`, either of them `*`. */
  readonly scopes: readonly string[];
  /** Workspaces by id or slug, those of the caller; none: all of them. */
  readonly workspaces?: readonly string[];
  /** When it ends, at most a year ahead; in 90 days when absent. */
  readonly expiresAt?: string;
}

export interface RevokeTokenRequest {
  readonly tokenId: string;
}

export interface RunAutomationRequest {
  readonly workspaceId: string;
  readonly slug: string;
  /** Makes the run's id derive from it, so that a repeat is the same run. */
  readonly idempotencyKey?: string;
  /** How long to be held for the output: `wait=10` (seconds), or `respond-async` for not at all. */
  readonly prefer?: string;
  /** The arguments: a JSON object; {} when absent. */
  readonly payload?: Json;
}

export interface TestAutomationRequest {
  readonly workspaceId: string;
  readonly slug: string;
  /** How long to be held for the output: `wait=10` (seconds), or `respond-async` for not at all. */
  readonly prefer?: string;
  /** The arguments: a JSON object; {} when absent. */
  readonly payload?: Json;
}

export interface ListEndpointsRequest {
  /** Id or slug. */
  readonly workspaceId: string;
  /** At most so many items; 50 when absent. */
  readonly limit?: number;
  readonly cursor?: string;
  /** The filter grammar of events over fields of an item; a text that is empty counts as none. The fields are `automation`, `name`, `path`, `methods`, `access`, `signature`, `respond`. */
  readonly where?: string;
  /** One field of an item that holds one value; with a `-` before it, the largest first. Unless asked otherwise: `automation`. The fields are `automation`, `name`, `path`, `methods`, `access`, `signature`, `respond`. */
  readonly sort?: string;
}

export interface GetEndpointsDocumentRequest {
  /** Id or slug. */
  readonly workspaceId: string;
}

export interface GetRolloutRequest {
  /** Id or slug. */
  readonly workspaceId: string;
}

export interface ListRunsRequest {
  readonly workspaceId: string;
  readonly automation?: string;
  /** `running`, `parked`, `succeeded`, `failed`, `cancelled`; all when absent. */
  readonly states?: readonly string[];
  readonly trigger?: 'event' | 'endpoint' | 'schedule' | 'test';
  /** Started at this time or later. */
  readonly from?: string;
  /** Started before this time. */
  readonly to?: string;
  /** At most so many items; 50 when absent. */
  readonly limit?: number;
  readonly cursor?: string;
  /** The filter grammar of events over `id`, `automation`, `state`, `outcome`, `trigger`, `trigger.value`, `trigger.id`, `digest`, `correlationId`, `startedAt`, `endedAt`, `duration` (milliseconds), `error` (its code) and `replayOf`: `state = 'failed' and duration > 1000`. */
  readonly where?: string;
}

export interface GetRunRequest {
  readonly workspaceId: string;
  readonly runId: string;
}

export interface DeleteRunRequest {
  readonly workspaceId: string;
  readonly runId: string;
}

export interface ListStepsRequest {
  readonly workspaceId: string;
  readonly runId: string;
  /** At most so many items; 50 when absent. */
  readonly limit?: number;
  readonly cursor?: string;
}

export interface ListRunEventsRequest {
  readonly workspaceId: string;
  readonly runId: string;
  /** At most so many items; 50 when absent. */
  readonly limit?: number;
  readonly cursor?: string;
}

export interface CompareRunsRequest {
  readonly workspaceId: string;
  readonly runId: string;
  /** The run to compare with. */
  readonly otherId: string;
  /** At most so many items; 50 when absent. */
  readonly limit?: number;
  readonly cursor?: string;
}

export interface CaptureRunRequest {
  readonly workspaceId: string;
  readonly runId: string;
}

export interface CancelRunRequest {
  readonly workspaceId: string;
  readonly runId: string;
  /** Why, for people. */
  readonly reason?: string;
}

export interface CancelRunsRequest {
  readonly workspaceId: string;
  readonly automation?: string;
  /** `running`, `parked`; both when absent. */
  readonly states?: readonly string[];
  readonly trigger?: 'event' | 'endpoint' | 'schedule' | 'test';
  /** Started at this time or later. */
  readonly from?: string;
  /** Started before this time. */
  readonly to?: string;
  /** All runs of the workspace that go on. */
  readonly all?: boolean;
  /** Only counts. */
  readonly dryRun?: boolean;
  /** Why, for people. */
  readonly reason?: string;
  /** As in ListRuns. */
  readonly where?: string;
}

export interface RetryRunRequest {
  readonly workspaceId: string;
  readonly runId: string;
  /** `same`: the version the run was on (default). `active`: the one that runs now. */
  readonly version?: 'same' | 'active';
  /** Keep the results of the steps before this one. */
  readonly fromStep?: string;
}

export interface RetryRunsRequest {
  readonly workspaceId: string;
  /** These runs. */
  readonly runIds?: readonly string[];
  readonly automation?: string;
  /** `succeeded`, `failed`, `cancelled`; all when absent. */
  readonly states?: readonly string[];
  readonly trigger?: 'event' | 'endpoint' | 'schedule' | 'test';
  /** Started at this time or later. */
  readonly from?: string;
  /** Started before this time. */
  readonly to?: string;
  /** As in ListRuns. */
  readonly where?: string;
  /** All runs of the workspace that have ended. */
  readonly all?: boolean;
  /** `same`: the version each run was on (default). `active`: the one that runs now. */
  readonly version?: 'same' | 'active';
  /** How many are begun in a second; 10 when absent. */
  readonly rate?: number;
  /** Only counts. */
  readonly dryRun?: boolean;
}

export interface CreateReplayRequest {
  readonly workspaceId: string;
  readonly runId?: string;
  readonly eventId?: string;
  /** `same`: the version the run was on (default for a run). `active`: the one that runs now (default for an event). `draft`: the draft as it stands, with effects blocked. */
  readonly version?: 'same' | 'active' | 'draft';
  /** `live` (default): everything is done again. `blocked`: nothing outside is done. */
  readonly effects?: 'live' | 'blocked';
  /** Keep the results of the steps before this one. */
  readonly fromStep?: string;
}

export interface ListReplaysRequest {
  readonly workspaceId: string;
  /** At most so many items; 50 when absent. */
  readonly limit?: number;
  readonly cursor?: string;
  /** The filter grammar of events over fields of an item; a text that is empty counts as none. The fields are `id`, `state`, `version`, `rate`, `matched`, `begun`, `failed`, `by`, `createdAt`, `endedAt`. */
  readonly where?: string;
  /** One field of an item that holds one value; with a `-` before it, the largest first. Unless asked otherwise: `-createdAt`. The fields are `id`, `state`, `version`, `rate`, `matched`, `begun`, `failed`, `by`, `createdAt`, `endedAt`. */
  readonly sort?: string;
}

export interface GetReplayRequest {
  readonly workspaceId: string;
  readonly replayId: string;
}

export interface CancelReplayRequest {
  readonly workspaceId: string;
  readonly replayId: string;
}

export interface ListApprovalsRequest {
  readonly workspaceId: string;
  /** Only those in this state. */
  readonly state?: 'asked' | 'answered' | 'expired';
  /** Only those of this run. */
  readonly runId?: string;
  /** At most so many items; 50 when absent. */
  readonly limit?: number;
  readonly cursor?: string;
  /** The filter grammar of events over fields of an item; a text that is empty counts as none. The fields are `id`, `runId`, `automation`, `title`, `state`, `choices`, `users`, `roles`, `askedAt`, `until`. */
  readonly where?: string;
  /** One field of an item that holds one value; with a `-` before it, the largest first. Unless asked otherwise: `-askedAt`. The fields are `id`, `runId`, `automation`, `title`, `state`, `choices`, `users`, `roles`, `askedAt`, `until`. */
  readonly sort?: string;
}

export interface AnswerApprovalRequest {
  readonly workspaceId: string;
  readonly approvalId: string;
  /** One of the choices. */
  readonly decision: string;
  /** What was filled in: a JSON object as the form wants it; {} when absent. */
  readonly form?: Json;
}

export interface ListDeadLettersRequest {
  readonly workspaceId: string;
  /** Only those that failed in this way. */
  readonly fingerprint?: string;
  /** At most so many items; 50 when absent. */
  readonly limit?: number;
  readonly cursor?: string;
  /** The filter grammar of events over fields of an item; a text that is empty counts as none. The fields are `id`, `fingerprint`, `automation`, `reason`, `attempts`, `firstFailedAt`, `lastFailedAt`, `eventId`, `eventType`. */
  readonly where?: string;
  /** One field of an item that holds one value; with a `-` before it, the largest first. Unless asked otherwise: `firstFailedAt`. The fields are `id`, `fingerprint`, `automation`, `reason`, `attempts`, `firstFailedAt`, `lastFailedAt`, `eventId`, `eventType`. */
  readonly sort?: string;
}

export interface ListDeadLetterGroupsRequest {
  readonly workspaceId: string;
  /** At most so many items; 50 when absent. */
  readonly limit?: number;
  readonly cursor?: string;
  /** The filter grammar of events over fields of an item; a text that is empty counts as none. The fields are `fingerprint`, `automation`, `reason`, `count`, `firstFailedAt`, `lastFailedAt`. */
  readonly where?: string;
  /** One field of an item that holds one value; with a `-` before it, the largest first. Unless asked otherwise: `-count`. The fields are `fingerprint`, `automation`, `reason`, `count`, `firstFailedAt`, `lastFailedAt`. */
  readonly sort?: string;
}

export interface GetDeadLetterRequest {
  readonly workspaceId: string;
  readonly letterId: string;
}

export interface RedriveDeadLettersRequest {
  readonly workspaceId: string;
  readonly letters?: readonly string[];
  readonly fingerprint?: string;
  /** All of the workspace. */
  readonly all?: boolean;
  /** How many in a second; 10 when absent. */
  readonly rate?: number;
}

export interface DiscardDeadLettersRequest {
  readonly workspaceId: string;
  readonly letters?: readonly string[];
  readonly fingerprint?: string;
  /** All of the workspace. */
  readonly all?: boolean;
}

export interface ListSchedulesRequest {
  readonly workspaceId: string;
  /** Only those of this automation. */
  readonly automation?: string;
  /** At most so many items; 50 when absent. */
  readonly limit?: number;
  readonly cursor?: string;
  /** The filter grammar of events over fields of an item; a text that is empty counts as none. The fields are `id`, `automation`, `value`, `timeZone`, `missed`, `overlap`, `next`, `last`, `pausedAt`. */
  readonly where?: string;
  /** One field of an item that holds one value; with a `-` before it, the largest first. Unless asked otherwise: `id`. The fields are `id`, `automation`, `value`, `timeZone`, `missed`, `overlap`, `next`, `last`, `pausedAt`. */
  readonly sort?: string;
}

export interface RunScheduleRequest {
  readonly workspaceId: string;
  readonly scheduleId: string;
}

export interface PauseScheduleRequest {
  readonly workspaceId: string;
  readonly scheduleId: string;
}

export interface ResumeScheduleRequest {
  readonly workspaceId: string;
  readonly scheduleId: string;
}

export interface BackfillScheduleRequest {
  readonly workspaceId: string;
  readonly scheduleId: string;
  /** The ticks at this time or later, */
  readonly from?: string;
  /** and before this time, which has passed. */
  readonly to?: string;
  /** What a tick does while a run of the one before goes on: `queue` (default), `allow`, `skip` or `cancel`. What the automation says of its own concurrency comes first. */
  readonly overlap?: 'queue' | 'allow' | 'skip' | 'cancel';
  /** Starts nothing. */
  readonly dryRun?: boolean;
}

export interface PreviewScheduleRequest {
  readonly workspaceId: string;
  readonly scheduleId: string;
  /** How many times; 10 when absent. */
  readonly count?: number;
}

export interface ListContextsRequest {
  readonly workspaceId: string;
  /** Only those of this kind. */
  readonly kind?: 'global' | 'user' | 'session' | 'socket' | 'run' | 'config';
  /** Only those of this owner. */
  readonly owner?: string;
  /** At most so many items; 50 when absent. */
  readonly limit?: number;
  readonly cursor?: string;
}

export interface GetContextRequest {
  readonly workspaceId: string;
  readonly kind: 'global' | 'user' | 'session' | 'socket' | 'run' | 'config';
  /** Whose; `-` for `global` and `config`. */
  readonly owner: string;
  /** The app instance it belongs to; empty: the workspace itself. */
  readonly instance?: string;
}

export interface PutContextRequest {
  readonly workspaceId: string;
  readonly kind: 'global' | 'user' | 'session' | 'socket' | 'run' | 'config';
  /** Whose; `-` for `global` and `config`. */
  readonly owner: string;
  /** The app instance it belongs to; empty: the workspace itself. */
  readonly instance?: string;
  readonly ifMatch?: string;
  readonly ifNoneMatch?: string;
  /** A JSON object. */
  readonly value: Json;
}

export interface PatchContextRequest {
  readonly workspaceId: string;
  readonly kind: 'global' | 'user' | 'session' | 'socket' | 'run' | 'config';
  /** Whose; `-` for `global` and `config`. */
  readonly owner: string;
  /** The app instance it belongs to; empty: the workspace itself. */
  readonly instance?: string;
  readonly ifMatch?: string;
  /** A merge patch: a JSON object. */
  readonly patch: Json;
}

export interface DeleteContextRequest {
  readonly workspaceId: string;
  readonly kind: 'global' | 'user' | 'session' | 'socket' | 'run' | 'config';
  /** Whose; `-` for `global` and `config`. */
  readonly owner: string;
  /** The app instance it belongs to; empty: the workspace itself. */
  readonly instance?: string;
  readonly ifMatch?: string;
}
