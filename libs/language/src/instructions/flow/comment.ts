import type { Instruction } from '../../plan/instruction';
import { raw } from '../../shapes/shape';

/** A remark among instructions. */
export const comment: Instruction = {
  name: 'comment',
  summary: 'A remark; nothing happens',
  step: false,
  body: raw,
  plan: () => ({ enter: () => 'done' }),
};
