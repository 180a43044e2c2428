import type { Json, JsonMap } from '@millrace/kernel';
import {
  start,
  step,
  type Effect,
  type EmitRequest,
  type Ended,
  type Outcome,
  type Plan,
  type Turn,
  type WriteRequest,
} from '@millrace/language';
import { beginOf } from '../../application/execution/turns/begin-of';
import type { StepRecord } from '../../domain/records/step-record';
import { loadName, type Begun } from '../world/notes';

/** One way a run can have gone. */
export interface Execution {
  readonly emits: readonly EmitRequest[];
  /** Those that took effect, in order. */
  readonly writes: readonly WriteRequest[];
  /** Absent: it was ended from outside, or the record does not say how it went on. */
  readonly ended?: Ended;
}

export interface Recorded {
  readonly plan: Plan;
  readonly begun: Begun;
  readonly steps: readonly StepRecord[];
  /** It was ended from outside, at any of its steps. */
  readonly isCut: boolean;
  /** By run and effect: what contexts were given to it. */
  readonly loaded: ReadonlyMap<string, readonly Json[]>;
}

interface Sofar extends Execution {
  /** Asked for and without an outcome. */
  readonly open: readonly Effect[];
}

const PREFILLED = { global: { apiUrl: 'http://here.test' } };
/** Steps after which nobody looks for another way. */
const MOST_STEPS = 20_000;
const NOTHING: Sofar = { emits: [], writes: [], open: [] };

/**
 * Runs it again with what is recorded of it. What a context was read as is not recorded: a process that crashed may have read something
 * else than the one after it. So there may be more than one way; of each run one of them must be what the world has seen of it.
 */
export class Replay {
  private readonly steps: ReadonlyMap<string, StepRecord>;
  private left = MOST_STEPS;

  constructor(private readonly recorded: Recorded) {
    this.steps = new Map(recorded.steps.map((one) => [one.step, one]));
  }

  *executions(): Generator<Execution> {
    const { plan, isCut, begun } = this.recorded;
    if (isCut) yield NOTHING;
    yield* this.after(start(plan, beginOf(begun.run, begun.locals, PREFILLED)), NOTHING);
  }

  private *after(turn: Turn, before: Sofar): Generator<Execution> {
    const sofar = taken(turn, before);
    const { emits, writes } = sofar;
    if (turn.ended !== undefined) {
      yield { emits, writes, ended: turn.ended };
      return;
    }
    const next = this.next(sofar.open);
    if (this.recorded.isCut || next.length === 0) yield* cutHere(sofar);
    if (--this.left < 0) return;
    for (const outcome of next) yield* this.after(step(this.recorded.plan, turn.state, [outcome]), settled(sofar, outcome));
  }

  /** What may have come next, the likeliest first: what contexts were read as, then what is recorded, by its time. */
  private next(open: readonly Effect[]): readonly Outcome[] {
    const yielded = open.find(({ kind }) => kind === 'yield');
    if (yielded !== undefined) return [{ effect: yielded.id, at: 0, value: null }];
    const read = open.flatMap(({ id, kind }) => (kind === 'load' ? this.loadsOf(id) : []));
    const ended = open.flatMap(({ id }) => this.outcomeOf(id) ?? []);
    return [...read, ...ended.toSorted((a, b) => a.at - b.at)];
  }

  private loadsOf(effect: string): readonly Outcome[] {
    const { loaded, begun } = this.recorded;
    const values = loaded.get(loadName(begun.run.id, effect)) ?? [];
    const different = new Map(values.map((value) => [JSON.stringify(value), value]));
    return Array.from(different.values(), (value) => ({ effect, at: 0, value }));
  }

  private outcomeOf(effect: string): Outcome | undefined {
    const { endedAt: at, output = null, error } = this.steps.get(effect) ?? {};
    if (at === undefined) return undefined;
    return error === undefined ? { effect, at, value: output } : { effect, at, error };
  }
}

/** It is ended from outside: what it had asked to be written may have been, or not. */
function* cutHere({ emits, writes, open }: Sofar): Generator<Execution> {
  yield { emits, writes };
  const asked = open.flatMap((effect) => (effect.kind === 'write' ? [unconditional(effect.request)] : []));
  if (asked.length > 0) yield { emits, writes: [...writes, ...asked] };
}

function taken({ effects, dropped }: Turn, { emits, writes, open }: Sofar): Sofar {
  const told = effects.flatMap((effect) => (effect.kind === 'emit' ? [effect.request] : []));
  const written = effects.flatMap((effect) => (effect.kind === 'write' && !effect.blocks ? [effect.request] : []));
  const asked = effects.filter(({ blocks }) => blocks);
  return {
    emits: [...emits, ...told],
    writes: [...writes, ...written],
    open: [...open.filter(({ id }) => !dropped.includes(id)), ...asked],
  };
}

function settled({ emits, writes, open }: Sofar, { effect: id, error }: Outcome): Sofar {
  const effect = open.find((one) => one.id === id);
  const written = effect?.kind === 'write' && error === undefined ? [unconditional(effect.request)] : [];
  return { emits, writes: [...writes, ...written], open: open.filter((one) => one !== effect) };
}

function unconditional({ expect: _expect, ...write }: WriteRequest): WriteRequest {
  return write;
}

/** The steps in the record of a run. */
export function stepsOf(record: JsonMap): readonly StepRecord[] {
  return (record['steps'] ?? []) as unknown as readonly StepRecord[];
}
