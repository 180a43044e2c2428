import type { Json, JsonMap } from '@millrace/kernel';
import type { Plan } from '../plan/plan';
import type { Failure } from '../problems/failure';
import { refusalOf } from '../problems/codes';
import { cleaned } from '../values/json';
import { isMap } from '../values/value';
import type { PlannedAutomation } from '../plan/plan';
import { acceptLocals } from './threads/arguments';
import { refusalInRun, signalled } from './threads/failures';
import { Machine } from './machine';
import type { Secrets } from './world/scrub';
import { loadedView, showView } from './world/views';
import type { Completion, RunState, ScopeFrame, ThreadState } from './state';
import type { Begin, Ended, Outcome, Signal, Turn } from './turn';

/**
 * Begins a run and takes it as far as it goes without an outcome. Never throws for what an author or a caller did: a run that cannot
 * start is a turn that ended with its error (`runtime.automation_not_found`, `language.arguments_invalid`).
 */
export function start(plan: Plan, begin: Begin, secrets: Secrets = {}): Turn {
  const automation = plan.automations.get(begin.slug);
  if (automation === undefined || automation.disabled) {
    const what = automation === undefined ? `There is no automation ${begin.slug}.` : `The automation ${begin.slug} is disabled.`;
    return refused('runtime.automation_not_found', what);
  }
  try {
    const machine = new Machine(plan, firstState(plan, begin, automation), secrets);
    machine.run(machine.state.root);
    return turn(machine);
  } catch (error) {
    const { code, message, details } = refusalInRun(error);
    return refused(code, message, details);
  }
}

/**
 * Takes a run on: delivers the outcomes in order, running each branch they release until it blocks or ends. The same arguments give the
 * same turn; the given state is not changed.
 */
export function step(plan: Plan, state: Json, outcomes: readonly (Outcome | Signal)[], secrets: Secrets = {}): Turn {
  const machine = new Machine(plan, ownState(state), secrets);
  for (const outcome of outcomes) {
    if ('signal' in outcome) stop(machine, outcome);
    else machine.deliver(outcome);
    machine.run(machine.state.root);
  }
  return turn(machine);
}

function turn(machine: Machine): Turn {
  const { state } = machine;
  const end = endOf(state.root);
  return {
    state: state as unknown as Json,
    effects: machine.effects,
    dropped: machine.dropped,
    ...(machine.passes === 0 ? {} : { passes: machine.passes }),
    ...(end === undefined ? {} : { ended: end }),
  };
}

function endOf({ result }: ThreadState): Ended | undefined {
  if (result === undefined) return undefined;
  switch (result.how) {
    case 'return':
      return { output: result.value ?? null, ...(result.break === true ? { break: true } : {}) };
    case 'error':
      return { error: result.failure };
    default:
      return { cancelled: true, ...('reason' in result ? { reason: result.reason } : {}) };
  }
}

/** A signal ends the run at once, if it has not ended: what was awaited is dropped. */
function stop(machine: Machine, { signal, at, error }: Signal): void {
  const { state } = machine;
  state.now = Math.max(state.now, at);
  if (state.root.result !== undefined) return;
  const held = state.yielding === undefined ? [] : [state.yielding];
  for (const id of new Set([...held, ...awaited(state.root)])) machine.drop(id);
  delete state.yielding;
  state.root.frames = [];
  state.root.result =
    signal === 'fail' ? failed(error) : { how: 'cancel', ...(error?.message === undefined ? {} : { reason: error.message }) };
}

function failed(error: Signal['error']): Completion {
  return { how: 'error', failure: signalled(error ?? { code: 'runtime.run_timeout' }), final: true };
}

function awaited(thread: ThreadState): readonly string[] {
  const top = thread.frames.at(-1);
  if (top?.f === 'await') return [top.id];
  return top?.f === 'branches' ? top.threads.flatMap(awaited) : [];
}

function firstState(plan: Plan, begin: Begin, automation: PlannedAutomation): RunState {
  const { locals, config, identity, now, ...rest } = begin;
  const call: ScopeFrame = { f: 'call', slug: begin.slug, trigger: begin.trigger, depth: begin.depth, vars: {} };
  const state: RunState = {
    v: 1,
    begin: rest,
    now,
    identity,
    views: {},
    loading: {},
    sensitive: [],
    counts: { instructions: 0, effects: 0, loads: 0, yields: 0, grown: 0 },
    root: { path: '', at: 0, frames: [call, { f: 'block', b: automation.body.main, i: 0 }], drawn: 0 },
  };
  if (config !== undefined) showView({ state, plan }, 'config||', loadedView({ value: config }));
  call.vars = acceptLocals(state, automation, cleaned(locals) as JsonMap);
  return state;
}

/** A copy of what a turn changes in place; the rest is copied when it is written. */
function ownState(state: Json): RunState {
  if (!isMap(state) || state['v'] !== 1) throw new Error('this is no state of a run that this version can take on');
  const run = state as unknown as RunState;
  return { ...run, views: { ...run.views }, loading: { ...run.loading }, counts: { ...run.counts }, root: ownThread(run.root) };
}

function ownThread(thread: ThreadState): ThreadState {
  return {
    ...thread,
    frames: thread.frames.map((frame) => {
      if (frame.f === 'branches') return { ...frame, threads: frame.threads.map(ownThread) };
      return frame.f === 'branch' && frame.writes !== undefined ? { ...frame, writes: [...frame.writes] } : { ...frame };
    }),
  };
}

function refused(code: string, message: string, details?: Json): Turn {
  const error: Failure = { code, refusal: refusalOf(code), message, ...(details === undefined ? {} : { details }) };
  return { state: null, effects: [], dropped: [], ended: { error } };
}
