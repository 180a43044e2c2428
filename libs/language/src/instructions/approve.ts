import type { JsonMap } from '@millrace/kernel';
import { LanguageError } from '../problems/language-error';
import { any, duration, list, map, oneOf, text } from '../shapes/shape';
import type { Fields } from '../shapes/shape';
import { isoOf } from '../time/instant';
import { isList, isMap, without } from '../values/value';
import { defineStep } from './step';

const PEOPLE: Fields = {
  users: { shape: list(text), is: 'Users by id' },
  roles: { shape: list(text), is: 'Roles of the workspace' },
  topic: { shape: text, is: 'A topic' },
};

/** Asks people to decide. */
export const approve = defineStep({
  name: 'approve',
  summary: 'Asks people for a decision and waits for it',
  addition: true,
  fields: {
    title: { shape: text, is: 'What is asked', required: true },
    to: { shape: map(PEOPLE), is: 'Who may decide', required: true },
    except: { shape: map({ users: { shape: list(text), is: 'Users by id' } }), is: 'Who may not' },
    deadline: { shape: duration, is: 'How long they have', required: true },
    message: { shape: text, is: 'A word of explanation' },
    form: { shape: any, is: 'JSON Schema of what the answer holds' },
    choices: { shape: list(text), is: 'What can be decided', default: ['approved', 'rejected'] },
    remind: { shape: duration, is: 'After how long to remind' },
    onTimeout: { shape: oneOf('continue', 'fail'), is: 'Go on with the decision expired, or fail', default: 'continue' },
  },
  options: ['idempotencyKey'],
  perform: (branch, parameters) => {
    const { state, limits } = branch.machine;
    const until = state.now + Math.min(Number(parameters['deadline']), limits.longestWait);
    const asked = without(parameters, 'deadline', 'onTimeout', 'idempotencyKey');
    const choices = isList(parameters['choices']) ? parameters['choices'] : ['approved', 'rejected'];
    const request: JsonMap = { ...asked, choices, until, instance: branch.automation.instance };
    return { effect: { kind: 'approve', request, parks: true }, kept: { fails: parameters['onTimeout'] === 'fail', until }, refresh: true };
  },
  settle: (_, value, kept) => {
    if (value !== null) return { result: [isMap(value) ? { decision: null, by: null, at: null, form: {}, ...value } : value] };
    if (kept['fails'] === true) throw new LanguageError('runtime.approval_expired', 'Nobody decided in time.');
    return { result: [{ decision: 'expired', by: null, at: isoOf(Number(kept['until'])), form: {} }] };
  },
});
