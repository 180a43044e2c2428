import type { Shape } from '../shapes/shape';
import type { Operation } from '../step/threads/operation';
import type { Tree } from '../read/tree';
import type { Planner } from './planner';

/** One instruction of the language. Reading, checking, planning, schemas and help all go by it. */
export interface Instruction {
  readonly name: string;
  /** What it does: one sentence without a full stop. */
  readonly summary: string;
  readonly body: Shape;
  /** Whether it has an effect outside the run, and is recorded with its attempts. */
  readonly step: boolean;
  /** Unknown to Prisme.ai: there an automation of that name hides it. */
  readonly addition?: true;
  /** Compiles one use of it. `body` is what stands behind its name; undefined for nothing or null. */
  plan(body: Tree | undefined, planner: Planner): Operation;
}
