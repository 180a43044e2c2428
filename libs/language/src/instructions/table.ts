import type { Instruction } from '../plan/instruction';
import { action } from './action';
import { all } from './flow/all';
import { approve } from './approve';
import { stop } from './flow/break';
import { call } from './flow/call';
import { comment } from './flow/comment';
import { conditions } from './flow/conditions';
import { remove } from './delete';
import { emit } from './emit';
import { fetch } from './fetch';
import { auth, run } from './platform';
import { rateLimit } from './rate-limit';
import { repeat } from './flow/repeat';
import { set } from './set';
import { sleep } from './sleep';
import { createUserTopic, joinUserTopic, leaveUserTopic } from './topics';
import { attempt } from './flow/try';
import { wait } from './wait';

const VARIABLES = [set, remove];
const FLOW = [conditions, repeat, all, attempt, stop, comment];
const STEPS = [emit, wait, sleep, fetch, action, approve, rateLimit, createUserTopic, joinUserTopic, leaveUserTopic, auth, run];

/** Every instruction, by its name. What is not in it is the slug of an automation to call. */
export const INSTRUCTIONS: ReadonlyMap<string, Instruction> = new Map(
  [...VARIABLES, ...FLOW, ...STEPS].map((instruction) => [instruction.name, instruction]),
);

/** The instruction a key of a block stands for. `slugs`: the automations that hide an instruction Prisme.ai does not have. */
export function instructionFor(name: string, slugs: ReadonlySet<string>): Instruction {
  const found = INSTRUCTIONS.get(name);
  return found === undefined || (found.addition === true && slugs.has(name)) ? call : found;
}
