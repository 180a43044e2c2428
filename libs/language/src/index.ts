export { read } from './read/read';
export type { AutomationDocument, Reading } from './read/document';
export { check } from './check/check';
export type { Known, KnownAction, KnownAutomation } from './check/known';
export { plan } from './plan/compile';
export { fillIn } from './plan/fill';
export type { Accepts, Plan, PlannedAutomation } from './plan/plan';
export { start, step } from './step/step';
export { applyWrite } from './step/world/views';
export { withoutSecrets } from './step/world/scrub';
export type { Secrets } from './step/world/scrub';
export type { Limits } from './step/limits';
export type { Begin, Ended, Outcome, RunIdentity, RunTrigger, Signal, Turn } from './step/turn';
export type {
  AuthorizeRequest,
  ChunkRequest,
  Effect,
  EffectKind,
  EffectPlace,
  EmitRequest,
  EventTarget,
  FetchRequest,
  LoadRequest,
  ModuleRequest,
  ReplyRequest,
  SharedContext,
  SleepRequest,
  TopicRequest,
  WaitEntry,
  WaitRequest,
  WriteRequest,
} from './step/effects';
export { explainMatches } from './triggers/explain-match';
export type { ExplainedMatch } from './triggers/explain-match';
export { matchEndpoint, matchEvents } from './triggers/match';
export { jitterOf, nextTick } from './triggers/schedule';
export { compileWait } from './triggers/wait';
export type { Accepted } from './triggers/wait';
export type { EndpointMatch, EventLocals, EventMatch } from './triggers/matching';
export type {
  Admission,
  EndpointTrigger,
  EventTrigger,
  HttpMethod,
  RetryPolicy,
  ScheduleTrigger,
  SourceTrigger,
  Triggers,
  Verification,
} from './triggers/triggers';
export { compileFilter } from './filter/evaluate';
export { parseFilter } from './filter/parse';
export { parseSearch } from './filter/search';
export type { Search } from './filter/search';
export { matchesPattern } from './filter/pattern';
export type { Comparison, Filter, FilterFields, FilterValue } from './filter/filter';
export type { Case } from './offline/case';
export { judgeCases } from './offline/holds';
export type { PlayedCase } from './offline/holds';
export { dissect } from './offline/dissect';
export type { Piece } from './offline/dissect';
export { format } from './format/format';
export { compileSchema } from './schema/compile-schema';
export { documentSchema } from './schemas/document-schema';
export { translateArchive } from './convert/archive';
export type { ImportDifference, Imported, ImportNote } from './convert/note';
export { slugOf } from './workspace/slug';
export type { AppPermissions, AppSources, AutomationSource, EventSource, Region, SourceText, WorkspaceSources } from './workspace/sources';
export type { Edit, Fix, Problem, Severity } from './problems/problem';
export type { EffectError, Failure } from './problems/failure';
