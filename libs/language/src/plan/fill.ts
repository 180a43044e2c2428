import type { Json, JsonMap } from '@millrace/kernel';
import { EventEnv } from '../triggers/event-env';
import type { Value } from '../values/value';
import { plainTree } from '../read/plain-tree';
import type { Region } from '../workspace/sources';
import { Planner } from './planner';

/**
 * Fills in a template outside of a run: `dedupe` of an endpoint, the key of a limit, the secret of a signature. `variables` holds all it
 * may read, contexts and `secret` included. Missing when it comes to nothing; throws a refusal of the language when it cannot be evaluated.
 */
export function fillIn(template: Json, variables: JsonMap, region: Region = {}): Value {
  const planner = new Planner('template', { prisme: false }, () => {
    throw new Error('a template holds no instructions');
  });
  return planner.template(plainTree(template, 'template'))(new EventEnv(variables, { timeZone: 'UTC', locale: 'en', ...region }));
}
