import type { Json, JsonMap } from '@millrace/kernel';
import type { RunRecord } from '../records/run-record';
import type { StepRecord } from '../records/step-record';
import { differences } from './differences';

/** A step of two runs; of one alone when the other did not come there. */
export interface ComparedStep {
  readonly run?: StepRecord;
  readonly other?: StepRecord;
  /** JSON pointers into the step; times do not count, nor do names that no two runs share. Empty: the same was asked and came of it. */
  readonly differences: readonly string[];
}

/** What two runs did, side by side. */
export interface Comparison {
  readonly steps: readonly ComparedStep[];
  /** JSON pointers into the run. */
  readonly differences: readonly string[];
  /** The place of the first step that differs. */
  readonly first?: string;
  /** So many of the oldest steps of one of them were not kept: the first that both have is where it begins. */
  readonly omitted: number;
}

/** Compares two runs step by step, in the order of the first one; what only the other did stands where it did it. */
export function compareRuns(run: RunRecord, other: RunRecord): Comparison {
  const all = paired(run.steps ?? [], other.steps ?? []);
  const omitted = Math.max(run.omittedSteps ?? 0, other.omittedSteps ?? 0);
  const from = omitted > 0 ? all.findIndex((step) => step.run !== undefined && step.other !== undefined) : 0;
  const steps = (from === -1 ? [] : all.slice(from)).map(compared);
  const first = steps.find((step) => step.differences.length > 0);
  return {
    steps,
    differences: differences(resultOf(run), resultOf(other)),
    omitted,
    ...(first === undefined ? {} : { first: placeOf(first) }),
  };
}

/** The place of a step in its run. */
export function placeOf({ run, other }: ComparedStep): string {
  return (run ?? other)?.step ?? '';
}

type Pair = Pick<ComparedStep, 'run' | 'other'>;

function paired(steps: readonly StepRecord[], others: readonly StepRecord[]): readonly Pair[] {
  const own = new Set(steps.map(({ step }) => step));
  const theirs = new Map(others.map((other) => [other.step, other]));
  const pairs: Pair[] = [];
  const left = [...others];
  const add = (until: string | undefined): void => {
    const at = left.findIndex(({ step }) => step === until);
    for (const other of left.splice(0, at === -1 ? left.length : at + 1)) if (!own.has(other.step)) pairs.push({ other });
  };
  for (const run of steps) {
    const other = theirs.get(run.step);
    if (other !== undefined && left.includes(other)) add(other.step);
    pairs.push({ run, ...(other === undefined ? {} : { other }) });
  }
  add(undefined);
  return pairs;
}

function compared({ run, other }: Pair): ComparedStep {
  const differing = run === undefined || other === undefined ? [''] : differences(comparable(run), comparable(other));
  return { ...(run === undefined ? {} : { run }), ...(other === undefined ? {} : { other }), differences: differing };
}

function comparable({ kind, automation, input, output, error, attempts = 1 }: StepRecord): JsonMap {
  return {
    ...{ kind, automation, attempts },
    ...(input === undefined ? {} : { input: withoutOwn(kind, input) }),
    ...(output === undefined ? {} : { output }),
    ...(error === undefined ? {} : { error: { ...error } }),
  };
}

/** What was asked, without what is of this one run: when it is over, the id of an event it tells. */
function withoutOwn(kind: string, input: Json): Json {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return input;
  const { until: _until, ...asked } = input as JsonMap;
  if (kind !== 'emit') return asked;
  const { id: _id, source: _source, ...told } = asked;
  return told;
}

function resultOf({ automation, digest, outcome, output, error, reason }: RunRecord): JsonMap {
  return {
    ...{ automation, digest, state: outcome },
    ...(output === undefined ? {} : { output }),
    ...(error === undefined ? {} : { error: { code: error } }),
    ...(reason === undefined ? {} : { reason }),
  };
}
