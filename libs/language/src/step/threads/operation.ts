import type { PlannedNode } from '../../plan/nodes';
import type { Branch } from './branch';
import type { Completion, Frame } from '../state';
import type { Json, JsonMap } from '@millrace/kernel';

/**
 * What an instruction does. Everything it must remember is in its frame, which is JSON; nothing of a run is kept here. An operation may be
 * entered again from the start when a context it reads had to be loaded: it evaluates everything before it changes anything.
 */
export interface Operation {
  /** Begins. `done`: it is finished; `entered`: it pushed a frame, and will be finished later. */
  enter(branch: Branch, node: PlannedNode): 'done' | 'entered';
  /** Goes on with its own frame on top: the instructions it pushed are through, or it is to be tried again. False: it is held. */
  proceed?(branch: Branch, node: PlannedNode, frame: Frame): boolean;
  /** Its frame was reached by a break, an error or a cancellation. True: it has taken it in. Its frame is on top. */
  intercept?(branch: Branch, node: PlannedNode, frame: Frame, completion: Completion): boolean;
  /** Takes the value of its effect. Its own frame, if it pushed one, is on top. */
  settle?(branch: Branch, node: PlannedNode, value: Json, kept: JsonMap): Settled;
}

/** What comes of an effect: a result (in a list that is empty when it is missing) and what follows it, or nothing: `proceed`. */
export type Settled = { readonly result: readonly Json[]; readonly then?: Completion } | { readonly proceed: true };
