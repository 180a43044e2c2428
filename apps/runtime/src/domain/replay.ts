import { DomainError, type Json } from '@millrace/kernel';
import type { Effect, EffectError, Ended } from '@millrace/language';
import type { RunRecord } from './records/run-record';
import type { StepRecord } from './records/step-record';

/** What came of a step before. */
export type KeptResult = { readonly kind: string } & ({ readonly value: Json } | { readonly error: EffectError });

/** How a run repeats another. */
export interface Replay {
  /** `blocked`: nothing outside is done; what would be is noted as a step. */
  readonly effects: 'live' | 'blocked';
  /** The step before which nothing is done again. */
  readonly fromStep?: string;
  /** What steps are answered with instead of being done again, by place. */
  readonly results: Readonly<Record<string, KeptResult>>;
}

/** Effects that change nothing and ask nobody: also a blocked replay performs them. */
const HARMLESS: ReadonlySet<Effect['kind']> = new Set(['load', 'yield', 'authorize', 'reply']);

/** The result that an effect of a replay is answered with; undefined: none is kept. */
export function keptResult({ results }: Replay, { id, kind }: Effect): KeptResult | undefined {
  const kept = Object.hasOwn(results, id) ? results[id] : undefined;
  return kept?.kind === kind ? kept : undefined;
}

/**
 * Whether the run has gone another way than the one it repeats: a step of another kind has the place of one whose result is kept. What comes
 * of it is not known, and it is not to be done, for the run has not come to the step from which it is done again.
 */
export function hasStrayed({ effects, results }: Replay, { id, kind }: Effect): boolean {
  return effects === 'live' && !HARMLESS.has(kind) && Object.hasOwn(results, id) && results[id]?.kind !== kind;
}

/** Whether an effect is answered without being performed. */
export function isAnswered(replay: Replay | undefined, effect: Effect): boolean {
  if (replay === undefined) return false;
  if (replay.effects === 'blocked') return !HARMLESS.has(effect.kind);
  return keptResult(replay, effect) !== undefined || hasStrayed(replay, effect);
}

/** How a run ends: not well, when it was to be done again from a step to which it never came. `hasBegun`: whether it came to a step. */
export function endOfReplay(replay: Replay | undefined, ended: Ended, hasBegun: (step: string) => boolean): Ended {
  const { effects, fromStep } = replay ?? {};
  const isAstray = effects === 'live' && fromStep !== undefined && 'output' in ended && !hasBegun(fromStep);
  return isAstray ? { error: STRAYED } : ended;
}

/** Whether an event or a write that nobody waits for is told. `reached`: the run has come to the step from which it is done again. */
export function isTold(replay: Replay | undefined, effect: Effect, reached: boolean): boolean {
  if (replay === undefined) return true;
  if (replay.effects === 'blocked' || keptResult(replay, effect) !== undefined || hasStrayed(replay, effect)) return false;
  return effect.kind !== 'write' || replay.fromStep === undefined || reached;
}

/** What a blocked replay goes on with where no result is kept; undefined: it cannot. */
export function assumed({ kind }: Effect): Json | undefined {
  if (kind === 'sleep') return null;
  return kind === 'rateLimit' ? { ok: true, remaining: 0, retryAfter: 0 } : undefined;
}

/** No result is kept of a step that a blocked replay may not do. */
export const BLOCKED: EffectError = {
  code: 'runtime.effect_blocked',
  refusal: 'unavailable',
  message: 'The replay does nothing outside, and there is no earlier result of this step to go on with.',
};

/** The version, or what the run has read, is another than it was. */
export const STRAYED = {
  code: 'runtime.replay_strayed',
  refusal: 'conflict',
  message:
    'The run has gone another way than the one it repeats, and has not come to the step from which it was to be done again. ' +
    'Do it again from its beginning, or on the version it was on.',
} as const satisfies EffectError;

/**
 * The results that a replay of a run is answered with: all of them when it is blocked, otherwise those before `fromStep`. Refuses with
 * `runtime.step_unknown`, and with `runtime.replay_incomplete` when a result that is needed was not kept.
 */
export function resultsOf(record: RunRecord, { effects, fromStep }: Pick<Replay, 'effects' | 'fromStep'>): Replay['results'] {
  const { steps = [], omittedSteps = 0 } = record;
  const at = fromStep === undefined ? undefined : steps.findIndex(({ step }) => step === fromStep);
  if (at === -1) throw stepUnknown(record.run, fromStep ?? '');
  const before = at === undefined ? [] : steps.slice(0, at);
  if (at !== undefined && (omittedSteps > 0 || before.some(isShortened))) throw replayIncomplete(record.run);
  const kept = effects === 'blocked' ? steps.filter((step) => !isShortened(step)) : before;
  return Object.fromEntries(kept.flatMap((step) => resultOf(step)));
}

function resultOf({ step, kind, endedAt, output, error }: StepRecord): readonly (readonly [string, KeptResult])[] {
  if (error !== undefined) return [[step, { kind, error }]];
  return endedAt === undefined && kind !== 'emit' ? [] : [[step, { kind, value: output ?? null }]];
}

/** See `recordOf`: a large value is not kept, but how large it was. */
function isShortened({ output }: StepRecord): boolean {
  return typeof output === 'object' && output !== null && 'omitted' in output && 'size' in output;
}

function stepUnknown(run: string, step: string): DomainError {
  const detail = `The record of "${run}" has no step "${step}". List the steps of the run.`;
  return new DomainError('runtime.step_unknown', 'invalid', detail, { errors: [{ pointer: '/fromStep', code: 'step', detail }] });
}

function replayIncomplete(run: string): DomainError {
  const message = `Not all results before that step of "${run}" were kept. Do the run again from its beginning.`;
  return new DomainError('runtime.replay_incomplete', 'conflict', message, { facts: { run } });
}
