import type { Instruction } from '../../plan/instruction';
import { any, map, oneOf } from '../../shapes/shape';
import type { Fields } from '../../shapes/shape';
import type { BreakScope } from '../../step/state';
import { ownOf } from '../../values/value';
import { parametersOf } from '../parameters';

const FIELDS: Fields = {
  scope: {
    shape: oneOf('automation', 'repeat', 'all'),
    is: 'What is ended: this automation, the loop, or every caller up to the trigger',
    default: 'automation',
  },
  payload: { shape: any, is: 'Takes the place of the output', nullable: true },
};

/** Ends an automation, a loop, or all callers. */
export const stop: Instruction = {
  name: 'break',
  summary: 'Ends the automation, the loop it stands in, or every caller',
  step: false,
  body: map(FIELDS),
  plan: (body, planner) => {
    const evaluate = planner.parameters(body, map(FIELDS));
    return {
      enter: (branch) => {
        const parameters = parametersOf(branch, evaluate, FIELDS, 'break');
        const payload = ownOf(parameters, 'payload');
        const scope = (parameters['scope'] ?? 'automation') as BreakScope;
        branch.complete({ how: 'break', scope, ...(payload === undefined ? {} : { payload }) });
        return 'entered';
      },
    };
  },
};
