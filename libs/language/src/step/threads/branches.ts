import type { Json } from '@millrace/kernel';
import type { PlannedNode } from '../../plan/nodes';
import { boxed } from './assign';
import { Branch } from './branch';
import { isFinal } from './failures';
import type { BranchesFrame, Completion, LocalWrite, ThreadState } from '../state';

/** What the branches of an instruction are. */
export interface Fork {
  /** The instructions of the nth branch. */
  blockOf(at: number): number;
  /** The place of the nth branch below that of the instruction. */
  pathOf(at: number): string;
  /** They are passes of a loop: `break` of scope `repeat` ends it, `item` and `$index` are laid over. */
  readonly loop: boolean;
}

/** Runs what can run and begins what may begin. False: all that runs is held. */
export function proceedBranches(branch: Branch, node: PlannedNode, frame: BranchesFrame, fork: Fork): boolean {
  for (let again = true; again;) {
    const before = frame.closed;
    for (const thread of frame.threads) runThread(branch, frame, thread, fork);
    frame.threads = frame.threads.filter(({ result }) => result === undefined);
    if (branch.machine.state.yielding !== undefined) return false;
    again = frame.closed !== before || beginMore(branch, node, frame, fork);
  }
  if (frame.threads.length > 0 || branch.top !== frame) return false;
  join(branch, node, frame, fork);
  return true;
}

/** Takes a branch on. It may have ended already: by the outcome it was held by, or because a sibling cancelled it. */
function runThread(branch: Branch, frame: BranchesFrame, thread: ThreadState, fork: Fork): void {
  branch.machine.run(thread);
  const { result } = thread;
  if (result === undefined) return;
  frame.done = [...frame.done, { at: thread.at, writes: thread.writes ?? [] }];
  if (result.how !== 'return' && result.how !== 'cancel') close(branch, frame, thread, fork);
}

/** A branch ended otherwise than by its last instruction. */
function close(branch: Branch, frame: BranchesFrame, by: ThreadState, fork: Fork): void {
  const completion = by.result;
  if (completion === undefined || rank(fork, completion) <= rank(fork, frame.closed?.completion)) return;
  frame.closed = { completion, by: by.at };
  if (!endsLoop(fork, completion)) cancelAll(branch, frame, completion);
}

/** Which of two ends of branches counts: the higher one, else the first. An error or a cancellation gives way to what ends the run. */
function rank(fork: Fork, completion: Completion | undefined): number {
  if (completion === undefined) return 0;
  if (isFinal(completion)) return 4;
  if (completion.how === 'break') return endsLoop(fork, completion) ? 1 : 2;
  return 3;
}

function cancelAll(branch: Branch, frame: BranchesFrame, because: Completion): void {
  const cancel: Completion = { how: 'cancel', ...(isFinal(because) ? { final: true } : {}) };
  for (const thread of frame.threads) if (thread.result === undefined) new Branch(branch.machine, thread).complete(cancel);
}

function beginMore(branch: Branch, node: PlannedNode, frame: BranchesFrame, fork: Fork): boolean {
  if (frame.closed !== undefined || frame.begun >= frame.total || frame.threads.length >= frame.most) return false;
  if (frame.interval !== undefined && frame.threads.length > 0) return false;
  if (frame.interval !== undefined && frame.begun > 0 && frame.paused < frame.begun) return pause(branch, node, frame);
  while (frame.begun < frame.total && frame.threads.length < frame.most) frame.threads.push(begin(branch, frame, fork));
  return true;
}

function pause(branch: Branch, node: PlannedNode, frame: BranchesFrame): boolean {
  frame.paused = frame.begun;
  if (frame.interval === 0 || frame.interval === undefined) return true;
  const until = branch.machine.state.now + frame.interval;
  branch.await(node, { kind: 'sleep', request: { until }, parks: true }, { suffix: `#${frame.begun}:pause` });
  return false;
}

function begin(branch: Branch, frame: BranchesFrame, fork: Fork): ThreadState {
  const { slug, trigger, depth } = branch.scope;
  const at = frame.begun;
  frame.begun += 1;
  const vars = branch.variables.locals;
  const scope = { f: 'branch' as const, slug, trigger, depth, vars, writes: [], ...(fork.loop ? { pass: true as const } : {}) };
  const thread: ThreadState = {
    path: branch.place + fork.pathOf(at),
    at,
    drawn: 0,
    frames: [scope, { f: 'block', b: fork.blockOf(at), i: 0 }],
  };
  if (fork.loop) {
    branch.machine.passes += 1;
    const { variables } = new Branch(branch.machine, thread);
    variables.lay('item', frame.items === undefined ? [at] : boxed(frame.items[at]));
    variables.lay('$index', [at]);
  }
  return thread;
}

/** All have ended: what they wrote is written again, and the instruction is finished or ended as a branch said. */
function join(branch: Branch, node: PlannedNode, frame: BranchesFrame, fork: Fork): void {
  branch.pop();
  const { closed, done } = frame;
  if (closed !== undefined && !endsLoop(fork, closed.completion)) {
    const by = done.find(({ at }) => at === closed.by);
    if (closed.completion.how === 'break' && by !== undefined) apply(branch, by.writes);
    branch.complete(closed.completion);
    return;
  }
  for (const { writes } of [...done].sort((a, b) => a.at - b.at)) apply(branch, writes);
  branch.deliver(node, payloadOf(closed?.completion));
}

/** A `break` of the loop whose passes the branches are. */
function endsLoop(fork: Fork, completion: Completion): boolean {
  return fork.loop && completion.how === 'break' && completion.scope === 'repeat';
}

function payloadOf(completion: Completion | undefined): readonly Json[] {
  return completion?.how === 'break' && completion.payload !== undefined ? [completion.payload] : [];
}

function apply(branch: Branch, writes: readonly LocalWrite[]): void {
  for (const { keys, op, value } of writes) branch.variables.write({ keys, op, value });
}

/** The thread that holds the branches is cancelled: so are they. True: some still have something to finish. */
export function interceptBranches(branch: Branch, frame: BranchesFrame, completion: Completion): boolean {
  frame.closed = { completion };
  cancelAll(branch, frame, completion);
  frame.threads = frame.threads.filter(({ result }) => result === undefined);
  return frame.threads.length > 0;
}
