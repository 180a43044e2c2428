import type { Json, JsonMap } from '@millrace/kernel';
import type { Evaluate } from '../../expressions/env';
import type { PlannedAutomation } from '../../plan/plan';
import type { LanguageError } from '../../problems/language-error';
import type { PlannedBody, PlannedNode } from '../../plan/nodes';
import { refusalIn } from '../../problems/language-error';
import type { Value } from '../../values/value';
import { Variables } from '../world/variables';
import { faultOf, isCatchable } from './failures';
import type { StepFailure } from './failures';
import { placeOf } from './place';
import { onStepError } from './step-errors';
import { unwind } from './unwind';
import type { EffectDraft, Machine } from '../machine';
import type { Completion, Frame, ScopeFrame, ThreadState } from '../state';

/** A thread of a run in this turn, with what instructions may do to it. */
export class Branch {
  readonly variables: Variables;

  constructor(
    readonly machine: Machine,
    readonly thread: ThreadState,
  ) {
    this.variables = new Variables(this);
  }

  get top(): Frame | undefined {
    return this.thread.frames.at(-1);
  }

  /** The variables the present instruction sees: those of its automation, or of a branch of it. */
  get scope(): ScopeFrame {
    // Asked for with each variable that is read.
    const { frames } = this.thread;
    for (let at = frames.length - 1; at >= 0; at--) {
      const frame = frames[at];
      if (frame?.f === 'call' || frame?.f === 'branch') return frame;
    }
    throw new Error('a thread without an automation');
  }

  get automation(): PlannedAutomation {
    return this.machine.automation(this.scope.slug);
  }

  get body(): PlannedBody {
    return this.automation.body;
  }

  get place(): string {
    return placeOf(this.thread, (slug) => this.machine.automation(slug).body);
  }

  /** The instruction that is being taken, if the thread is at one. */
  get node(): PlannedNode | undefined {
    const frame = this.thread.frames.findLast(({ f }) => f === 'block' || f === 'call' || f === 'branch');
    const n = frame?.f === 'block' ? this.body.blocks[frame.b]?.nodes[frame.i] : undefined;
    return n === undefined ? undefined : this.body.nodes[n];
  }

  nodeAt(n: number): PlannedNode {
    const node = this.body.nodes[n];
    if (node === undefined) throw new Error(`no instruction ${n} in ${this.scope.slug}`);
    return node;
  }

  evaluate(evaluate: Evaluate): Value {
    return this.variables.evaluate(evaluate);
  }

  push(frame: Frame): void {
    this.thread.frames.push(frame);
  }

  pop(): Frame | undefined {
    return this.thread.frames.pop();
  }

  /** Takes the instructions of a block next. */
  enterBlock(b: number): void {
    this.push({ f: 'block', b, i: 0 });
  }

  /** The instruction at the top block is finished: on to the next. */
  next(): void {
    const frame = this.top;
    if (frame?.f !== 'block') throw new Error('an instruction ended outside of a block');
    frame.i += 1;
  }

  /** The instruction whose frame is on top is finished: its result goes where `output` says. */
  finish(node: PlannedNode, result: readonly Json[] = []): void {
    this.pop();
    this.deliver(node, result);
  }

  /** The instruction at the top block has its result. */
  deliver(node: PlannedNode, result: readonly Json[], then?: Completion): void {
    if (node.output !== undefined) this.push({ f: 'assign', n: node.n, value: result, ...(then === undefined ? {} : { then }) });
    else if (then === undefined) this.next();
    else this.complete(then);
  }

  /** Asks for an effect; the id is the place and what is added to it. */
  request(draft: EffectDraft, suffix = ''): string {
    return this.machine.request(this, draft, suffix);
  }

  /** Asks for an effect and holds the thread until its outcome, which the operation of `node` settles. */
  await(
    node: PlannedNode,
    draft: EffectDraft,
    { suffix = '', kept, refresh = false }: { suffix?: string; kept?: JsonMap; refresh?: boolean },
  ): void {
    const id = this.request({ ...draft, blocks: true }, suffix);
    this.push({ f: 'await', id, n: node.n, ...(kept === undefined ? {} : { kept }), ...(refresh ? { refresh: true } : {}) });
  }

  /** Ends what the thread is doing otherwise than by its last instruction. */
  complete(completion: Completion): void {
    unwind(this, completion);
  }

  /** An error was raised at the present instruction: what the step says to do with it, else up to the nearest `try`. */
  fail(error: LanguageError): void {
    const failure = faultOf(this, error);
    if (!isCatchable(failure)) this.complete({ how: 'error', failure, final: true });
    else if (!this.isDealtWith(failure)) this.complete({ how: 'error', failure });
  }

  /** Telling of an error may exceed a limit of the run, which is then the error. */
  private isDealtWith(failure: StepFailure): boolean {
    try {
      return onStepError(this, failure);
    } catch (error) {
      this.fail(refusalIn(error));
      return true;
    }
  }
}
