import type { Instruction } from '../plan/instruction';
import { call } from './call';
import { comment } from './comment';
import { conditions } from './conditions';
import { remove } from './delete';
import { emit } from './emit';
import { fetch } from './fetch';
import { repeat } from './repeat';
import { set } from './set';
import { stop } from './break';
import { attempt } from './try';

/** Every instruction, by its name. What is not in it is the slug of an automation to call. */
export const INSTRUCTIONS: ReadonlyMap<string, Instruction> = new Map(
  [set, remove, conditions, repeat, attempt, stop, comment, emit, fetch].map((instruction) => [instruction.name, instruction]),
);

/** The instruction a key of a block stands for. `slugs`: the automations that hide an instruction Prisme.ai does not have. */
export function instructionFor(name: string, slugs: ReadonlySet<string>): Instruction {
  const found = INSTRUCTIONS.get(name);
  return found === undefined || (found.addition === true && slugs.has(name)) ? call : found;
}
