import type { Json, JsonMap } from '@millrace/kernel';
import type { PlannedAutomation, Plan } from '../plan/plan';
import { LanguageError } from '../problems/language-error';
import { cleaned } from '../values/json';
import { Nesting } from '../values/nesting';
import { jsonSize, roughSize } from '../values/rough-size';
import type { Value } from '../values/value';
import type { Owned } from '../values/write';
import { advance } from './threads/advance';
import { Branch } from './threads/branch';
import type { Effect } from './effects';
import { effectError, refusalInRun } from './threads/failures';
import type { Limits } from './limits';
import type { Secrets } from './world/scrub';
import type { AwaitFrame, RunState, ThreadState } from './state';
import { scrub, sensitiveWords } from './world/scrub';
import type { Outcome } from './turn';
import { forgetViews, loadedView, showView } from './world/views';

/** An effect before it has its id and place. */
export type EffectDraft = Effect extends infer One
  ? One extends Effect
    ? Omit<One, 'id' | 'place' | 'blocks' | 'parks'> & Held
    : never
  : never;

interface Held {
  readonly blocks?: boolean;
  readonly parks?: boolean;
}

/** Units of work after one outcome before others have their turn. Not of a turn: what a run does must not depend on how outcomes come together. */
const MOST_WORK = 500;

/** One turn: owns a fresh state, runs its threads, and collects what is to be done. */
export class Machine {
  readonly effects: Effect[] = [];
  readonly dropped: string[] = [];
  readonly owned: Owned = new WeakSet();
  readonly nesting = new Nesting();
  /** Passes of loops that were begun. */
  passes = 0;
  private work = 0;

  constructor(
    readonly plan: Plan,
    readonly state: RunState,
    private readonly secrets: Secrets,
  ) {}

  get limits(): Limits {
    return this.plan.limits;
  }

  automation(slug: string): PlannedAutomation {
    const automation = this.plan.automations.get(slug);
    if (automation === undefined) throw new Error(`the plan has no automation ${slug}`);
    return automation;
  }

  secretOf(instance: string, name: string): string | undefined {
    const known = Object.hasOwn(this.secrets, instance) ? this.secrets[instance] : undefined;
    return known !== undefined && Object.hasOwn(known, name) ? known[name] : undefined;
  }

  /** Takes a thread as far as it goes: to its end, or until an effect holds it. */
  run(thread: ThreadState): void {
    const branch = new Branch(this, thread);
    while (this.mayGoOn(branch) && advance(branch));
  }

  private mayGoOn(branch: Branch): boolean {
    if (this.state.yielding !== undefined) return false;
    if (this.work < MOST_WORK || branch.top === undefined || branch.top.f === 'await') return true;
    this.state.counts.yields += 1;
    this.state.yielding = `yield#${this.state.counts.yields}`;
    this.add(branch, { kind: 'yield', request: {}, blocks: true }, this.state.yielding);
    return false;
  }

  worked(units: number): void {
    this.work += units;
  }

  /** Counts one instruction. */
  instruction(): void {
    this.work += 1;
    this.state.counts.instructions += 1;
    if (this.state.counts.instructions > this.limits.instructions) throw runLimit(`more than ${this.limits.instructions} instructions`);
  }

  /** Counts what a variable was given, and measures the state when it may have become too large. */
  grew(value: Value): void {
    if (value === undefined || (typeof value !== 'string' && typeof value !== 'object')) return;
    this.grewBy(roughSize(value));
  }

  private grewBy(characters: number): void {
    const { counts, root, views } = this.state;
    counts.grown += characters;
    if (counts.grown < this.limits.state / 4) return;
    counts.grown = 0;
    const known = Object.values(views).reduce((sum, { size }) => sum + size, 0);
    if (jsonSize(root) + known > this.limits.state) throw runLimit(`more than ${this.limits.state >> 20} MiB of variables`);
  }

  request(branch: Branch, draft: EffectDraft, suffix: string): string {
    const id = branch.place + suffix;
    this.add(branch, draft, id);
    return id;
  }

  private add(branch: Branch, draft: EffectDraft, id: string): void {
    if (draft.kind !== 'yield' && draft.kind !== 'load') {
      this.state.counts.effects += 1;
      if (this.state.counts.effects > this.limits.effects) throw runLimit(`more than ${this.limits.effects} effects`);
    }
    const place = branch.node?.place ?? branch.body.outputPlace;
    if (draft.kind === 'emit')
      draft = { ...draft, request: { ...draft.request, payload: this.scrubbed(draft.request.payload) as JsonMap } };
    this.effects.push({ ...draft, id, place, blocks: draft.blocks ?? false, parks: draft.parks ?? false });
  }

  /** A value without what must not leave the run. */
  scrubbed(value: Json): Json {
    return scrub(value, sensitiveWords(this.state, this.secrets));
  }

  /** A thread gives up awaiting an effect. Others may share it: the load of a context. */
  giveUp(id: string): void {
    const [, another] = awaiting(this.state.root, id);
    if (another === undefined) this.drop(id);
  }

  /** Nobody awaits an effect any more: it is not asked for, or given up if an earlier turn asked for it. */
  drop(id: string): void {
    this.state.loading = withoutLoad(this.state.loading, id);
    const asked = this.effects.findIndex((effect) => effect.id === id);
    if (asked < 0) this.dropped.push(id);
    else this.effects.splice(asked, 1);
  }

  /** Hands an outcome to whoever awaits it. */
  deliver(outcome: Outcome): void {
    this.work = 0;
    this.state.now = Math.max(this.state.now, outcome.at);
    if (this.state.yielding === outcome.effect) delete this.state.yielding;
    for (const thread of [...awaiting(this.state.root, outcome.effect)]) this.resume(new Branch(this, thread), outcome);
    this.state.loading = withoutLoad(this.state.loading, outcome.effect);
  }

  private resume(branch: Branch, outcome: Outcome): void {
    const frame = branch.pop() as AwaitFrame;
    if (frame.refresh === true) forgetViews(this.state);
    const node = frame.n === undefined ? undefined : branch.nodeAt(frame.n);
    try {
      if (outcome.error !== undefined) throw effectError(outcome.error, node?.name ?? 'load');
      const value = cleaned(outcome.value ?? null);
      if (node === undefined) this.loaded(frame.id, value);
      else settle(branch, node, value, frame);
    } catch (error) {
      branch.fail(refusalInRun(error));
    }
  }

  /** A context is there; a load that was forgotten meanwhile shows what is no longer so. */
  private loaded(id: string, value: Json): void {
    for (const [key, load] of Object.entries(this.state.loading)) {
      if (load !== id) continue;
      this.grewBy(showView(this, key, loadedView(value)).size);
    }
  }
}

function settle(branch: Branch, node: ReturnType<Branch['nodeAt']>, value: Json, frame: AwaitFrame): void {
  const settled = node.operation.settle?.(branch, node, value, frame.kept ?? {}) ?? { result: [value] };
  if ('result' in settled) branch.deliver(node, settled.result, settled.then);
}

function* awaiting(thread: ThreadState, id: string): Generator<ThreadState> {
  const top = thread.frames.at(-1);
  if (top?.f === 'await' && top.id === id) yield thread;
  if (top?.f === 'branches') for (const child of top.threads) yield* awaiting(child, id);
}

function withoutLoad(loading: RunState['loading'], id: string): RunState['loading'] {
  return Object.fromEntries(Object.entries(loading).filter(([, load]) => load !== id));
}

function runLimit(what: string): LanguageError {
  return new LanguageError('runtime.run_limit', `The run was ended: ${what}.`);
}
