import type { JsonMap } from '@millrace/kernel';
import { any, dictionary, duration, map, mapOf, number, oneOf, text } from '../shapes/shape';
import { demandAction } from '../step/world/permissions';
import { textOf, without } from '../values/value';
import { defineStep } from './step';

/** Runs an action on a worker. */
export const action = defineStep({
  name: 'action',
  summary: 'Runs an action on a worker and waits for its outputs',
  addition: true,
  fields: {
    name: { shape: text, is: 'An action of the workspace, or <instance>/<name> of an app', required: true },
    version: { shape: text, is: 'Its version', default: 'the one pinned at publish' },
    inputs: { shape: dictionary, is: 'What it is given', default: {} },
    placement: {
      shape: map({
        only: { shape: any, is: 'Where it may run' },
        not: { shape: any, is: 'Where it may not' },
        performance: { shape: number, is: 'Weight of speed' },
        cost: { shape: number, is: 'Weight of cost' },
        energy: { shape: number, is: 'Weight of energy' },
      }),
      is: 'Where it runs',
    },
    resources: { shape: dictionary, is: 'What it needs of a machine' },
    env: { shape: mapOf(any), is: 'Environment variables' },
    queueTimeout: { shape: duration, is: 'How long it may wait for a place', default: '24h' },
    keep: { shape: oneOf('global', 'run'), is: 'How long its files are kept' },
  },
  options: ['timeout', 'retry', 'idempotencyKey'],
  perform: (branch, parameters) => {
    const asked = without(parameters, 'timeout', 'retry', 'idempotencyKey');
    demandAction(branch, textOf(parameters['name']));
    const request: JsonMap = {
      inputs: {},
      ...asked,
      instance: branch.automation.instance,
    };
    return { effect: { kind: 'action', request, parks: true }, refresh: true };
  },
});
