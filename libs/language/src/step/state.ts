import type { Json, JsonMap } from '@millrace/kernel';
import type { Failure } from '../problems/failure';
import type { WriteOp } from '../values/write';
import type { Begin, RunIdentity, RunTrigger } from './turn';

/** The state of a run. Plain JSON; written only by the turn that owns it. */
export interface RunState {
  readonly v: 1;
  readonly begin: Omit<Begin, 'locals' | 'config' | 'identity' | 'now'>;
  now: number;
  identity: RunIdentity;
  /** What the run knows of shared contexts, by `context|instance|owner`. */
  views: Record<string, View>;
  /** Loads that are under way, by the same key. */
  loading: Record<string, string>;
  /** Values that must not leave the run other than to whom they are meant for. */
  sensitive: readonly string[];
  counts: { instructions: number; effects: number; loads: number; yields: number; grown: number };
  /** The yield that holds the whole run, if any. */
  yielding?: string;
  root: ThreadState;
}

/** A context as this run sees it: as loaded, with its own writes. */
export interface View {
  readonly value: JsonMap;
  readonly revision: Json;
  /** About how many characters it has as JSON. */
  readonly size: number;
}

/** One line of control. Its top frame is the last. */
export interface ThreadState {
  /** The place the thread was begun at; empty for the first. */
  readonly path: string;
  /** Which of its siblings it is. */
  readonly at: number;
  frames: Frame[];
  /** How often `rand` and `uuid` drew. */
  drawn: number;
  /** How the thread ended. */
  result?: Completion;
  /** What a branch that ended wrote into the variables it was given. */
  writes?: readonly LocalWrite[];
}

/** Why instructions stop being taken one after another. */
export type Completion =
  | { readonly how: 'return'; readonly value?: Json; readonly break?: true }
  | { readonly how: 'break'; readonly scope: BreakScope; readonly payload?: Json }
  | { readonly how: 'error'; readonly failure: Failure; readonly final?: true }
  | { readonly how: 'cancel'; readonly reason?: string; readonly final?: true };

export type BreakScope = 'automation' | 'repeat' | 'all';

/** A change of a local variable, to be applied again when branches are joined. */
export interface LocalWrite {
  readonly keys: readonly string[];
  readonly op: WriteOp;
  readonly value?: Json;
}

/** The variables of an automation that was begun, or of a branch of it. */
export interface ScopeFrame {
  readonly f: 'call' | 'branch';
  readonly slug: string;
  readonly trigger: RunTrigger;
  readonly depth: number;
  vars: JsonMap;
  /** Of a branch: what it wrote. */
  writes?: LocalWrite[];
  /** Of a branch: it is a pass of a loop, with `item` and `$index` of its own. */
  readonly pass?: true;
  /** How the automation was ended before its last instruction. */
  ended?: Extract<Completion, { how: 'break' }>;
}

/** A list of instructions and which of them is being taken. */
export interface BlockFrame {
  readonly f: 'block';
  readonly b: number;
  i: number;
}

export interface RepeatFrame {
  readonly f: 'repeat';
  readonly n: number;
  readonly items?: readonly Json[];
  readonly stream?: Json;
  readonly passes: number;
  /** The pass being taken; -1 before the first. */
  pass: number;
  /** What `item` and `$index` were before, each in a list that is empty when they were missing. */
  readonly before: readonly [readonly Json[], readonly Json[]];
  /** The item of a stream that has come. */
  next?: readonly Json[];
  /** The stream has no more. */
  ended?: true;
}

export interface TryFrame {
  readonly f: 'try';
  readonly n: number;
  phase: 'do' | 'catch' | 'finally';
  /** What `$error` was before `catch`, as in RepeatFrame. */
  before: readonly Json[];
  /** What goes on after `finally`. */
  pending?: Completion;
}

/** Branches side by side: of `all`, or of the passes of a concurrent `repeat`. */
export interface BranchesFrame {
  readonly f: 'branches';
  readonly n: number;
  /** How many there will be. */
  readonly total: number;
  /** How many may run at once. */
  readonly most: number;
  /** The items of a loop. */
  readonly items?: readonly Json[];
  /** Milliseconds between two batches of `most`. */
  readonly interval?: number;
  /** How many have begun. */
  begun: number;
  /** After how many there was a pause last. */
  paused: number;
  /** Those that have not ended. */
  threads: ThreadState[];
  /** What those that ended wrote. */
  done: readonly DoneBranch[];
  /** No further branch begins; this is what follows when all have ended. */
  closed?: { readonly completion: Completion; readonly by?: number };
}

export interface DoneBranch {
  readonly at: number;
  readonly writes: readonly LocalWrite[];
}

/** A branch held by an effect. */
export interface AwaitFrame {
  readonly f: 'await';
  readonly id: string;
  /** The instruction that asked; absent for the load of a context, after which what is below is tried again. */
  readonly n?: number;
  /** Whether others may have written contexts meanwhile, so that they are loaded anew. */
  readonly refresh?: true;
  /** What the instruction kept of its parameters. */
  readonly kept?: JsonMap;
}

/** A result on its way to where the instruction wants it. */
export interface AssignFrame {
  readonly f: 'assign';
  readonly n: number;
  /** In a list that is empty when it is missing. */
  readonly value: readonly Json[];
  /** What follows, if not the next instruction. */
  readonly then?: Completion;
}

/** A stream that is published chunk by chunk. */
export interface DrainFrame {
  readonly f: 'drain';
  readonly n: number;
  readonly stream: Json;
  /** How it is published: the parameter `stream` of the fetch. */
  readonly as: JsonMap;
  readonly result: Json;
  index: number;
  /** The texts of the chunks so far. */
  joined: string;
  /** When the last one was published; what came since and was held back. */
  published: number;
  held?: Json;
  ended?: true;
}

export type Frame = DrainFrame | ScopeFrame | BlockFrame | RepeatFrame | TryFrame | BranchesFrame | AwaitFrame | AssignFrame;
