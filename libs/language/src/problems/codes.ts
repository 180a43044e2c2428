import type { Refusal } from '@millrace/kernel';

interface Code {
  readonly refusal: Refusal;
  /** What `$error.name` says in the words of Prisme.ai. */
  readonly name: string;
}

const OTHER = 'PrismeError';

const TABLE: readonly (readonly [Refusal, string, string])[] = [
  ['invalid', OTHER, 'language.document_invalid language.filter_invalid'],
  [
    'invalid',
    'InvalidExpressionSyntax',
    'language.expression_syntax language.expression_function language.expression_field language.expression_arity language.expression_type language.expression_limit language.regex',
  ],
  ['invalid', 'InvalidVariableNameError', 'language.reference_syntax language.path_invalid language.path_forbidden'],
  ['invalid', 'InvalidInstructionError', 'language.type language.argument_missing language.argument_type language.read_only'],
  ['invalid', 'InvalidArgumentsError', 'language.arguments_invalid'],
  ['invalid', 'InvalidEventError', 'runtime.event_invalid'],
  ['invalid', 'EventTooLarge', 'runtime.event_too_large'],
  ['invalid', OTHER, 'events.schema_violated events.type_undeclared action.input_invalid action.output_invalid'],
  ['forbidden', 'ForbiddenError', 'runtime.forbidden'],
  ['forbidden', OTHER, 'runtime.event_refused runtime.fetch_refused runtime.egress_refused runtime.permission_missing'],
  ['not-found', 'ObjectNotFoundError', 'runtime.automation_not_found'],
  ['not-found', OTHER, 'runtime.topic_not_found action.not_found'],
  ['conflict', OTHER, 'runtime.context_conflict'],
  ['exhausted', OTHER, 'language.expression_budget runtime.run_limit runtime.context_too_large runtime.fetch_too_large runtime.busy'],
  ['exhausted', 'TooManyCallError', 'runtime.depth_exceeded runtime.loop'],
  [
    'unavailable',
    OTHER,
    'runtime.fetch_unreachable runtime.fetch_status runtime.step_timeout runtime.run_timeout runtime.wait_timeout runtime.approval_expired runtime.outcome_unknown runtime.stream_lost runtime.no_place runtime.queue_timeout offline.no_result action.failed',
  ],
];

const CODES: ReadonlyMap<string, Code> = new Map(
  TABLE.flatMap(([refusal, name, codes]) => codes.split(' ').map((code) => [code, { refusal, name }] as const)),
);

/** The refusal a code stands for; `unavailable` for codes of actions and of others. */
export function refusalOf(code: string): Refusal {
  return CODES.get(code)?.refusal ?? 'unavailable';
}

/** What `$error.name` holds for a code: the name Prisme.ai gives such an error. */
export function errorName(code: string): string {
  return CODES.get(code)?.name ?? OTHER;
}

/** Every code the language and the runtime raise in a run. */
export const ERROR_CODES: readonly string[] = [...CODES.keys()];
