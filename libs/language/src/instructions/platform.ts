import type { JsonMap } from '@millrace/kernel';
import { boolean, dictionary, duration, text } from '../shapes/shape';
import { remember } from '../step/world/scrub';
import { isMap, textOf, without } from '../values/value';
import { defineStep } from './step';

/** Makes a token. */
export const auth = defineStep({
  name: 'auth',
  summary: 'Makes a token in the name of the workspace; the token is a secret',
  fields: {
    workspace: { shape: boolean, is: 'In the name of the workspace', default: true },
    audience: { shape: text, is: 'Whom it is for' },
    ttl: { shape: duration, is: 'How long it is good for', default: '5m' },
  },
  options: ['timeout', 'retry'],
  perform: (branch, parameters) => {
    const asked = without(parameters, 'timeout', 'retry');
    const request: JsonMap = { workspace: true, ttl: 300_000, ...asked, instance: branch.automation.instance };
    return { effect: { kind: 'auth', request } };
  },
  settle: (branch, value) => {
    const token = isMap(value) ? value['jwt'] : undefined;
    if (typeof token === 'string') remember(branch.machine.state, [token]);
    return { result: [value] };
  },
});

/** Uses a module of the platform. */
export const run = defineStep({
  name: 'run',
  summary: 'Uses a function of a module of the platform',
  fields: {
    module: { shape: text, is: 'text, crypto, collections, secrets or access-manager', required: true },
    function: { shape: text, is: 'The function of it', required: true },
    parameters: { shape: dictionary, is: 'What it is given', default: {} },
  },
  options: ['timeout', 'retry'],
  perform: (branch, parameters) => {
    const { module, function: name, parameters: given } = parameters;
    const asked = { module: textOf(module), function: textOf(name), parameters: isMap(given) ? given : {} };
    return { effect: { kind: 'module', request: { ...asked, instance: branch.automation.instance } } };
  },
});
