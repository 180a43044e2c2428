import type { Evaluate } from '../expressions/env';
import type { ResolvePath } from '../expressions/compile-reference';
import type { EffectPlace } from '../step/effects';
import type { Operation } from '../step/threads/operation';

/** One instruction, compiled. */
export interface PlannedNode {
  /** Its number among the instructions of its automation. */
  readonly n: number;
  /** The key it was written with: the name of an instruction, or the slug that is called. */
  readonly name: string;
  readonly operation: Operation;
  readonly place: EffectPlace;
  /** Where its result goes. */
  readonly output?: ResolvePath;
  readonly onError: 'fail' | 'continue' | 'emit' | 'break';
}

/** A list of instructions, by their numbers. `alone`: an instruction that stands without a list; it adds nothing to places. */
export interface PlannedBlock {
  readonly nodes: readonly number[];
  readonly alone: boolean;
}

/** What a run needs of an automation. */
export interface PlannedBody {
  readonly nodes: readonly PlannedNode[];
  readonly blocks: readonly PlannedBlock[];
  /** The number of the block that is `do`. */
  readonly main: number;
  readonly output: Evaluate;
  readonly outputPlace: EffectPlace;
}
